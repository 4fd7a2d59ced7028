// `portolan who` as data.
import { AGENT_FLAGS, CLUSTER_CHOICE_FLAGS } from '../cluster/cluster-flags.ts';
import type { CommandSpec } from '../command-spec.ts';

export const WHO_COMMAND: CommandSpec = {
  name: 'who',
  summary: 'Say which pod is behind an address and port of a node, and to which remotes',
  description:
    'For the other end that knows a connection as NODE_IP:PORT. Reads the conntrack entries of that node right now: several remotes may share the port. Reads a cluster, this node or files by the rules of "diagnose". --at asks the agent of the node, which remembers the last 65,536 connections that ended. Exits 3 when no entry holds the port.',
  examples: [
    { command: 'who 192.0.2.10:40123', what: 'the pods behind that port, in the cluster of KUBECONFIG' },
    { command: 'who 192.0.2.10:40123 --at 2026-01-31T03:12:00Z', what: 'who held it last night, where an agent runs' },
    { command: 'who 192.0.2.10:40123/udp --context prod', what: 'one protocol; another cluster' },
    { command: 'who 192.0.2.10:40123 flows.txt', what: 'from what conntrack -L printed on the node' },
  ],
  flags: [
    {
      name: 'at',
      value: 'TIME',
      description:
        'who held it then, as the agent of that node remembers: 2026-01-31T03:12:00Z, or how long ago as in 10m',
      fallback: 'now',
    },
    { name: 'netns', value: 'PATH', description: 'network namespace to read', fallback: "the program's own" },
    { name: 'local', description: 'this node, also where KUBECONFIG is set or in a pod' },
    ...CLUSTER_CHOICE_FLAGS,
    { name: 'timeout', value: 'DURATION', description: 'how long the node may take', fallback: '30s' },
    {
      name: 'exec-pod',
      value: 'NAMESPACE/NAME',
      description: "read its node through this pod of the host's network instead of calico-node",
    },
    ...AGENT_FLAGS,
  ],
  operand: {
    name: 'ADDRESS:PORT [FILE]...',
    isList: true,
    description:
      'an address of the node and a port, /tcp or /udp behind it for one protocol; then files as of "diagnose"',
    choices: 'files',
  },
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/who.ts')).runWho(input),
};
