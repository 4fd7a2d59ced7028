// The flags of commands about a cluster, and what they ask for.
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import type { FlagSpec } from '../command-spec.ts';
import { NAMESPACE } from '../plan/parse-workload.ts';
import type { FlagReader, TextForm } from '../flags/flag-reader.ts';
import { type ClusterChoice, type ClusterReach, NODE_VIAS } from './cluster-choice.ts';

const DEFAULT_CONCURRENCY = 4;
const MOST_CONCURRENCY = 64;
const DEFAULT_TIMEOUT_SECONDS = 30;
const MOST_NODES = 1_000_000;

/** Which cluster, and which node of it. */
export const CLUSTER_CHOICE_FLAGS: readonly FlagSpec[] = [
  {
    name: 'kubeconfig',
    value: 'FILE',
    description: 'kubeconfig of a cluster to look at',
    fallback: 'KUBECONFIG, then ~/.kube/config',
  },
  { name: 'context', value: 'NAME', description: 'context of the kubeconfig', fallback: 'the current one' },
  { name: 'node', value: 'NAME', description: 'this node of the cluster, or of a bundle, only; in full detail' },
];

/** Whether agents are asked, and where they are. */
export const AGENT_FLAGS: readonly FlagSpec[] = [
  {
    name: 'via',
    value: 'WAY',
    description: 'read nodes by their agents alone or by exec alone; auto asks the agent where one is ready',
    fallback: 'auto',
    choices: NODE_VIAS,
  },
  { name: 'agent-namespace', value: 'NAME', description: 'namespace of the agents', fallback: AGENT_NAMESPACE },
];

/** How its nodes are reached. */
export const CLUSTER_REACH_FLAGS: readonly FlagSpec[] = [
  {
    name: 'concurrency',
    value: 'N',
    description: 'how many nodes of a cluster are read at once',
    fallback: String(DEFAULT_CONCURRENCY),
  },
  {
    name: 'timeout',
    value: 'DURATION',
    description: 'how long one node may take, its window included; the others are reported all the same',
    fallback: `${DEFAULT_TIMEOUT_SECONDS}s`,
  },
  { name: 'max-nodes', value: 'N', description: 'read no more than this many nodes', fallback: 'all' },
  {
    name: 'exec-pod',
    value: 'NAMESPACE/NAME',
    description: "read its node through this pod of the host's network instead of calico-node",
  },
  ...AGENT_FLAGS,
];

export const POD_FLAGS: readonly FlagSpec[] = [
  {
    name: 'namespace',
    short: 'n',
    value: 'NAME',
    description: 'port spaces in which pods of this namespace hold a port, and their nodes only',
  },
  {
    name: 'selector',
    short: 'l',
    value: 'LABELS',
    description: 'the same by labels of pods, for example app=checkout',
  },
  { name: 'all-namespaces', short: 'A', description: 'pods of all namespaces', fallback: 'set in a cluster' },
];

/** Camel-cased names of all flags here: any of them means a cluster. */
export const CLUSTER_FLAG_NAMES: readonly string[] = [
  ...CLUSTER_CHOICE_FLAGS,
  ...CLUSTER_REACH_FLAGS,
  ...POD_FLAGS,
].map(({ name }) => camelCased(name));

/** `max-nodes` to `maxNodes`, as flags are read. */
export function camelCased(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

const POD: TextForm<NonNullable<ClusterChoice['execPod']>> = {
  parse: (text) => {
    const [, namespace, name] = /^([a-z\d-]+)\/([a-z\d.-]+)$/.exec(text) ?? [];
    return namespace === undefined || name === undefined ? undefined : { namespace, name };
  },
  wanted: 'a pod as NAMESPACE/NAME, for example calico-system/calico-node-x7f2p',
};

export function readClusterChoice(flags: FlagReader): ClusterChoice {
  return {
    kubeconfig: flags.text('kubeconfig', 'the path of a kubeconfig'),
    context: flags.text('context', 'the name of a context, as "kubectl config get-contexts" lists them'),
    node: flags.text('node', 'the name of a node, as "kubectl get nodes" lists them'),
    execPod: flags.value('execPod', POD),
    ...readAgentChoice(flags),
  };
}

/** Whether agents are asked, and where they are. */
export function readAgentChoice(flags: FlagReader): Pick<ClusterChoice, 'via' | 'agentNamespace'> {
  const agentNamespace = flags.value('agentNamespace', NAMESPACE);
  return {
    via: flags.choice('via', NODE_VIAS, 'auto'),
    ...(agentNamespace === undefined ? {} : { agentNamespace }),
  };
}

export function readClusterReach(flags: FlagReader): ClusterReach {
  const hasMost = flags.isGiven('maxNodes');
  const maxNodes = flags.count('maxNodes', { fallback: MOST_NODES, most: MOST_NODES });
  return {
    concurrency: flags.count('concurrency', { fallback: DEFAULT_CONCURRENCY, most: MOST_CONCURRENCY }),
    timeoutSeconds: flags.seconds('timeout', DEFAULT_TIMEOUT_SECONDS),
    ...(hasMost ? { maxNodes } : {}),
  };
}

/** Which pods alone are asked about. */
export function readPodLimit(flags: FlagReader): { readonly namespace?: string; readonly selector?: string } {
  const namespace = flags.value('namespace', NAMESPACE);
  const selector = flags.text('selector', 'a label selector, for example app=checkout');
  if (flags.isSet('allNamespaces') && namespace !== undefined)
    flags.problem(`Cannot read --namespace: ${namespace} given with -A, wanted either`);
  return { ...(namespace === undefined ? {} : { namespace }), ...(selector === undefined ? {} : { selector }) };
}
