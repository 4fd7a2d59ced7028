// Everything that agents need in a cluster, in the order in which it is made: what `portolan install` writes, and what the
// kustomize base and the Helm chart of deploy/ are made from.
import { AGENT_NAMESPACE, ASKER } from '../../core/kube-objects/agent-names.ts';
import { LABELS, type Manifest, rbacManifests } from '../rbac/rbac-manifests.ts';
import { AGENT, agentDaemonSet, type AgentWish, TLS_SECRET } from './agent-daemon-set.ts';
import { ownNodePolicy } from './own-node-policy.ts';

/** The Secret is made by people or by cert-manager, in the namespace of the agents. */
export const SECRET_COMMAND = `kubectl create secret tls ${TLS_SECRET} --cert tls.crt --key tls.key`;

const RBAC = 'rbac.authorization.k8s.io';
const SCRAPER = 'portolan-scraper';

export function agentManifests(wish: AgentWish): readonly Manifest[] {
  const { namespace, publishes } = wish;
  return [
    namespaceManifest(namespace),
    ...accountManifests(namespace),
    ...(publishes ? publishManifests(namespace) : []),
    scraperManifest(),
    ...askerManifests(namespace),
    daemonSetManifest(wish),
  ];
}

/** The host's network and NET_ADMIN are more than the levels `baseline` and `restricted` of Pod Security allow. */
function namespaceManifest(name: string): Manifest {
  const labels = { ...LABELS, 'pod-security.kubernetes.io/enforce': 'privileged' };
  return {
    comment: "Pod Security has no level between baseline and privileged for pods in the host's network.",
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
  };
}

export function accountManifests(namespace: string): readonly Manifest[] {
  return rbacManifests({ role: 'agent', namespace, options: [] });
}

/** What agents that publish have beyond the others: first what limits them, then the rights. */
export function publishManifests(namespace: string): readonly Manifest[] {
  const all = rbacManifests({ role: 'agent', namespace, options: ['publish'] });
  const account = `system:serviceaccount:${namespace}:${AGENT}`;
  return [...ownNodePolicy(account), ...all.slice(accountManifests(namespace).length)];
}

export function scraperManifest(): Manifest {
  return {
    comment: `Bind it to the account of Prometheus: kubectl create clusterrolebinding ${SCRAPER} --clusterrole ${SCRAPER} --serviceaccount NAMESPACE:NAME`,
    object: {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: SCRAPER, labels: LABELS },
      rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }],
    },
  };
}

/** Whose tokens people use who read nodes by their agents. No pod runs with it. */
export function askerManifests(namespace: string): readonly Manifest[] {
  const metadata = { name: ASKER, labels: LABELS };
  const place = namespace === AGENT_NAMESPACE ? '' : ` --agent-namespace ${namespace}`;
  const comment = `Who may make its tokens may read every node by its agent: portolan rbac reader --agents${place}`;
  return [
    {
      comment,
      object: {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { ...metadata, namespace },
        automountServiceAccountToken: false,
      },
    },
    {
      comment: '',
      object: {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRole',
        metadata,
        rules: [{ nonResourceURLs: ['/facts', '/glance', '/who'], verbs: ['get'] }],
      },
    },
    {
      comment: '',
      object: {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ASKER },
        subjects: [{ kind: 'ServiceAccount', name: ASKER, namespace }],
      },
    },
  ];
}

export function daemonSetManifest(wish: AgentWish): Manifest {
  return {
    comment: `${AGENT} waits for the Secret ${TLS_SECRET} (kubernetes.io/tls); docs/reference/install.md makes one`,
    object: agentDaemonSet(wish),
  };
}
