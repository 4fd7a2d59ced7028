// `portolan rbac` as data.
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import type { CommandSpec } from '../command-spec.ts';
import { RBAC_ROLES } from './right-sets.ts';

export const RBAC_COMMAND: CommandSpec = {
  name: 'rbac',
  summary: 'Print the Kubernetes roles that Portolan needs: to read a cluster, to change it, or for its agents',
  description:
    'Asks no cluster and changes nothing: it prints manifests for kubectl apply. What each right is for: docs/reference/rbac.md.',
  examples: [
    { command: 'rbac reader -n portolan | kubectl apply -f -', what: 'an account that may read' },
    { command: 'rbac reader --exec', what: 'with the right to run commands on nodes, which is to be root there' },
    {
      command: 'rbac fixer | kubectl apply --dry-run=server -f -',
      what: 'an account that may change SNAT ranges; a trial',
    },
  ],
  flags: [
    {
      name: 'namespace',
      short: 'n',
      value: 'NAME',
      description: 'namespace of the service account and the journal',
      fallback: 'portolan',
    },
    { name: 'exec', description: 'with exec into calico-node and kube-proxy: equal to root on every node' },
    { name: 'agents', description: 'with what reading nodes by their agents needs: port-forward to them, and tokens' },
    {
      name: 'agent-namespace',
      value: 'NAME',
      description: 'with --agents: the namespace they run in',
      fallback: AGENT_NAMESPACE,
    },
    { name: 'ask-node-ports', description: 'with what --ask-node-ports needs: create Services in namespace default' },
    { name: 'publish', description: 'agent: with the condition of nodes and the Events that --publish writes' },
    { name: 'spread', description: 'fixer: with patches of Deployments and StatefulSets' },
  ],
  operand: { name: 'ROLE', description: 'reader, fixer, or agent as portolan install gives it', choices: RBAC_ROLES },
  formats: ['yaml', 'json'],
  needsLinux: false,
  run: async (input) => (await import('../commands/rbac.ts')).runRbac(input),
};
