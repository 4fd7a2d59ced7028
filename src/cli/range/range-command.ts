// `portolan range` as data.
import type { CommandSpec } from '../command-spec.ts';

export const RANGE_COMMAND: CommandSpec = {
  name: 'range',
  summary: "Show each node's SNAT port range in a cluster with Calico, and which setting decides it",
  description:
    'Reads the Kubernetes API with your kubeconfig and changes nothing; nothing is installed. The rights it uses: docs/reference/rbac.md. What may not be read is said, with the right that is missing. With files it reads those instead: what kubectl get or calicoctl get printed with -o json or -o yaml.',
  examples: [
    { command: 'range', what: 'ranges, nodes and the layer that decides' },
    { command: 'range --node worker-3 --explain', what: 'every layer of one node: who rules, who is shadowed' },
    { command: 'range --context prod -o json', what: 'another cluster; for a program' },
    { command: 'range --ask-node-ports', what: 'with the true range of NodePorts' },
    { command: 'range cluster.yaml', what: 'what kubectl get nodes,felixconfigurations,ippools -o yaml printed' },
  ],
  operand: {
    name: '[FILE]...',
    description: 'saved objects of a cluster (docs/reference/files.md), a folder of them, or - for stdin',
    choices: 'files',
    isList: true,
  },
  flags: [
    {
      name: 'kubeconfig',
      value: 'FILE',
      description: 'kubeconfig to use',
      fallback: 'KUBECONFIG, then ~/.kube/config',
    },
    { name: 'context', value: 'NAME', description: 'context of the kubeconfig', fallback: 'the current one' },
    { name: 'node', value: 'NAME', description: 'this node only' },
    { name: 'explain', description: 'unfold every layer: what it says, whether it rules, and why' },
    {
      name: 'ask-node-ports',
      description:
        'learn the range of NodePorts from the API server, by asking for a Service that it must refuse; nothing is made',
    },
  ],
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/range.ts')).runRange(input),
};
