// Every right that Portolan uses in a cluster, what it gives and what is missing without it: the one table that `portolan rbac`
// prints roles from and docs/reference/rbac.md is made from.

import { ASKER } from '../../core/kube-objects/agent-names.ts';

export type RbacRole = 'reader' | 'fixer' | 'agent';

export const RBAC_ROLES = ['reader', 'fixer', 'agent'] as const satisfies readonly RbacRole[];

/** What is granted only when it is asked for by name, because it is more than reading or writing a few objects. */
export type RbacOption = 'exec' | 'agents' | 'ask-node-ports' | 'spread' | 'publish';

export interface Right {
  /** `''` for the core group. */
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Objects of these names only. */
  readonly names?: readonly string[];
  readonly gives: string;
  readonly without: string;
}

export interface RightSet {
  /** Of the role. */
  readonly name: string;
  readonly roles: readonly RbacRole[];
  /** Cluster-wide, in these namespaces, in the one of the service account, or in that of the agents. */
  readonly place: 'cluster' | 'own' | 'agents' | readonly string[];
  readonly option?: RbacOption;
  /** What it is for, and what whoever grants it should know: a sentence. */
  readonly purpose: string;
  readonly rights: readonly Right[];
}

const CALICO = ['crd.projectcalico.org', 'projectcalico.org'];
const CORE = [''];
const SEE = ['get', 'list', 'watch'];

const READER: RightSet = {
  name: 'portolan-reader',
  roles: ['reader', 'fixer'],
  place: 'cluster',
  purpose: 'Reads what a cluster says of source NAT. It changes nothing and reads no Secrets and no ConfigMaps.',
  rights: [
    {
      groups: CORE,
      resources: ['nodes'],
      verbs: SEE,
      gives: 'which nodes there are, their labels and addresses, whether they are ready',
      without: 'only nodes that other objects name',
    },
    {
      groups: CORE,
      resources: ['pods'],
      verbs: SEE,
      gives: 'whose flows they are, hostPorts, the pods to read nodes through',
      without: 'flows have addresses, no names; nodes are not read',
    },
    {
      groups: CORE,
      resources: ['services'],
      verbs: SEE,
      gives: 'NodePorts, health-check NodePorts, members of load balancers, with their owners',
      without: 'the range of NodePorts is assumed, conflicts with Services are not seen',
    },
    {
      groups: ['apps'],
      resources: ['daemonsets'],
      verbs: SEE,
      gives: 'variables of calico-node, which win over every object; other networks',
      without: 'no range can be told',
    },
    {
      groups: ['apps'],
      resources: ['replicasets'],
      verbs: SEE,
      gives: 'the Deployment of a pod',
      without: 'guessed from the name of its ReplicaSet, and said so',
    },
    {
      groups: ['batch'],
      resources: ['jobs'],
      verbs: SEE,
      gives: 'the CronJob of a pod',
      without: 'guessed from the name of its Job, and said so',
    },
    {
      groups: ['apps'],
      resources: ['deployments', 'statefulsets'],
      verbs: ['get'],
      gives: 'selector and replicas of a workload to be spread',
      without: 'the plan leaves them to be filled in',
    },
    {
      groups: CALICO,
      resources: ['felixconfigurations'],
      verbs: SEE,
      gives: 'the stored ranges',
      without: 'no range can be told',
    },
    {
      groups: CALICO,
      resources: ['ippools', 'clusterinformations'],
      verbs: SEE,
      gives: "whether Calico translates egress at all, and Calico's version",
      without: 'said as a gap; node selectors count as not read',
    },
    {
      groups: ['apiregistration.k8s.io'],
      resources: ['apiservices'],
      verbs: ['get'],
      gives: 'which of two API groups Calico reads, where both are served',
      without: '`portolan patch` is refused there until CALICO_API_GROUP is set',
    },
  ],
};

const EXEC: RightSet = {
  name: 'portolan-exec',
  roles: ['reader', 'fixer'],
  place: ['calico-system', 'kube-system'],
  option: 'exec',
  purpose:
    'Runs commands in calico-node or kube-proxy. Those pods are privileged: whoever has this right is root on every node.',
  rights: [
    {
      groups: CORE,
      resources: ['pods/exec'],
      verbs: ['get', 'create'],
      gives: 'flows, NAT rules, sockets and settings of nodes, with nothing installed',
      without: 'nodes are named as not read',
    },
  ],
};

const AGENTS: RightSet = {
  name: 'portolan-ask-agents',
  roles: ['reader', 'fixer'],
  place: 'agents',
  option: 'agents',
  purpose:
    "Reads nodes by their agents. A port-forward to a pod of the host's network reaches every port of that node's loopback: less than exec, but not for everyone.",
  rights: [
    {
      groups: CORE,
      resources: ['pods/portforward'],
      verbs: ['get', 'create'],
      gives: 'the way to the agents',
      without: 'nodes are read by exec, and the output says so',
    },
    {
      groups: CORE,
      resources: ['serviceaccounts/token'],
      verbs: ['create'],
      names: [ASKER],
      gives: 'tokens of ten minutes that one agent takes and no API server',
      without: 'nodes are read by exec, and the output says so',
    },
  ],
};

const ASK: RightSet = {
  name: 'portolan-ask-node-ports',
  roles: ['reader', 'fixer'],
  place: ['default'],
  option: 'ask-node-ports',
  purpose: 'Asks the API server for its range of NodePorts by a Service that it must refuse (`--ask-node-ports`).',
  rights: [
    {
      groups: CORE,
      resources: ['services'],
      verbs: ['create'],
      gives: 'the true range of NodePorts',
      without: 'estimated from ports in use',
    },
  ],
};

const FIXER: RightSet = {
  name: 'portolan-fixer',
  roles: ['fixer'],
  place: 'cluster',
  purpose:
    'Changes SNAT ranges. A change restarts Felix on every node that it is for: give it to few, and to no agent.',
  rights: [
    {
      groups: CALICO,
      resources: ['felixconfigurations'],
      verbs: ['create', 'update', 'delete'],
      gives:
        'changes of natPortRange: whole objects, canary objects of one node, and the way back; `portolan patch` uses `update` alone',
      without: 'refused; nothing is changed',
    },
  ],
};

const JOURNAL: RightSet = {
  name: 'portolan-journal',
  roles: ['fixer'],
  place: 'own',
  purpose: 'Keeps the journal of changes, in one namespace.',
  rights: [
    {
      groups: CORE,
      resources: ['configmaps'],
      verbs: ['get', 'list', 'create', 'update'],
      gives: 'a change that was interrupted can be resumed or undone',
      without: 'refused; nothing is changed',
    },
  ],
};

const LOG: RightSet = {
  name: 'portolan-felix-log',
  roles: ['fixer'],
  place: ['calico-system', 'kube-system'],
  purpose: 'Reads the log of calico-node, in which Felix names the range that it took.',
  rights: [
    {
      groups: CORE,
      resources: ['pods/log'],
      verbs: ['get'],
      gives: 'a change is verified by the word of Felix where nobody may look into the node',
      without: 'there only that calico-node is ready',
    },
  ],
};

const SPREAD: RightSet = {
  name: 'portolan-spread',
  roles: ['fixer'],
  place: 'cluster',
  option: 'spread',
  purpose: 'Spreads the pods of a workload over nodes. A change rolls the workload out again.',
  rights: [
    {
      groups: ['apps'],
      resources: ['deployments', 'statefulsets'],
      verbs: ['get', 'update'],
      gives: 'topology spread constraints and replicas',
      without: 'refused; `portolan plan` prints the patch for someone else to apply',
    },
  ],
};

const AGENT: RightSet = {
  name: 'portolan-agent',
  roles: ['agent'],
  place: 'cluster',
  purpose:
    'For the agents of a cluster: the names of pods and workloads in their metrics, and who may ask them. RBAC cannot limit it to the pods of one node; each agent asks for those of its own.',
  rights: [
    {
      groups: CORE,
      resources: ['pods'],
      verbs: ['list', 'watch'],
      gives: 'the names of pods in metrics',
      without: 'metrics have addresses, no names; said as gap `pods`',
    },
    {
      groups: ['apps'],
      resources: ['replicasets'],
      verbs: ['get'],
      gives: 'the Deployment of a pod',
      without: 'guessed from the name of its ReplicaSet; said as gap `workloads`',
    },
    {
      groups: ['batch'],
      resources: ['jobs'],
      verbs: ['get'],
      gives: 'the CronJob of a pod',
      without: 'guessed from the name of its Job; said as gap `workloads`',
    },
    {
      groups: ['authentication.k8s.io'],
      resources: ['tokenreviews'],
      verbs: ['create'],
      gives: 'who asks for metrics',
      without: 'every request is answered 503',
    },
    {
      groups: ['authorization.k8s.io'],
      resources: ['subjectaccessreviews'],
      verbs: ['create'],
      gives: 'whether they may',
      without: 'every request is answered 503',
    },
  ],
};

const PUBLISH: RightSet = {
  name: 'portolan-publish',
  roles: ['agent'],
  place: 'cluster',
  option: 'publish',
  purpose:
    'Writes the condition SNATPortPressure into the status of nodes. RBAC cannot limit it to the own node, nor to one condition; the admission policy that `portolan install --publish` adds does.',
  rights: [
    {
      groups: CORE,
      resources: ['nodes/status'],
      verbs: ['get', 'patch'],
      gives: 'a condition that `kubectl describe node` shows',
      without: 'said once by the agent; metrics go on',
    },
  ],
};

const PUBLISH_EVENTS: RightSet = {
  name: 'portolan-publish-events',
  roles: ['agent'],
  place: ['default'],
  option: 'publish',
  purpose: 'Stores Events about nodes; those of objects without a namespace lie in `default`.',
  rights: [
    {
      groups: ['events.k8s.io'],
      resources: ['events'],
      verbs: ['create', 'patch'],
      gives: 'an Event when the condition changes',
      without: 'said once by the agent; the condition is written all the same',
    },
  ],
};

/** In the order they are printed. */
export const RIGHT_SETS: readonly RightSet[] = [
  READER,
  EXEC,
  AGENTS,
  ASK,
  FIXER,
  JOURNAL,
  LOG,
  SPREAD,
  AGENT,
  PUBLISH,
  PUBLISH_EVENTS,
];

export const RBAC_OPTIONS: readonly RbacOption[] = ['exec', 'agents', 'ask-node-ports', 'spread', 'publish'];
