// `portolan agent` as data.
import { DEFAULT_LISTEN } from '../../agent/listen-address.ts';
import type { CommandSpec } from '../command-spec.ts';

export const AGENT_COMMAND: CommandSpec = {
  name: 'agent',
  summary: 'Watch this node for as long as it runs, and answer with metrics, facts and who held a port',
  description:
    'Only reads, but for --publish. Run it in the host network namespace with CAP_NET_ADMIN; without it says what it cannot see. It keeps a table of all connections by events and answers at once: /metrics, /facts, /who, /livez, /readyz (docs/reference/agent.md). Beyond loopback it wants TLS, and asks the API server whether a request is allowed.',
  examples: [
    { command: 'agent', what: `metrics on http://${DEFAULT_LISTEN}/metrics` },
    { command: 'agent --cpu 2', what: 'give up detail rather than more than a fiftieth of one CPU' },
    {
      command: 'agent --name worker-3 --cluster --listen 0.0.0.0:9976 --tls-cert tls.crt --tls-key tls.key --authorize',
      what: 'as in a cluster, for Prometheus, with the names of pods and workloads',
    },
  ],
  flags: [
    { name: 'listen', value: 'ADDRESS:PORT', description: 'where to answer', fallback: DEFAULT_LISTEN },
    { name: 'tls-cert', value: 'FILE', description: 'certificate, PEM; with its key: answer by HTTPS' },
    { name: 'tls-key', value: 'FILE', description: 'its key, PEM' },
    {
      name: 'authorize',
      description:
        'ask the API server who may ask what (TokenReview, SubjectAccessReview); /livez and /readyz stay open',
    },
    {
      name: 'cluster',
      description: 'name pods and workloads: follow the pods of this node through the API server (--name is its name)',
    },
    {
      name: 'publish',
      description:
        'tell the cluster: a condition SNATPortPressure of this node (--name) and an Event when it changes; taken away at the end',
    },
    {
      name: 'kubeconfig',
      value: 'FILE',
      description: 'kubeconfig of that API server',
      fallback: 'KUBECONFIG, then ~/.kube/config, then the service account of the pod',
    },
    { name: 'context', value: 'NAME', description: 'context of the kubeconfig', fallback: 'the current one' },
    { name: 'name', value: 'NAME', description: 'what the node is called', fallback: 'the host name' },
    {
      name: 'cpu',
      value: 'PERCENT',
      description: 'percent of one CPU above which detail is given up, never totals',
      fallback: '5',
    },
    {
      name: 'netns',
      value: 'PATH',
      description: 'network namespace to watch, for example /run/netns/blue',
      fallback: "the program's own",
    },
  ],
  needsLinux: true,
  run: async (input) => (await import('../commands/agent.ts')).runAgentCommand(input),
};
