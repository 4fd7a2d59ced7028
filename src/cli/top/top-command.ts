// portolan top as data.
import type { CommandSpec } from '../command-spec.ts';
import { TOP_CLUSTER_FLAGS } from './top-cluster-flags.ts';

export const TOP_COMMAND: CommandSpec = {
  name: 'top',
  summary: "Watch SNAT ports live: this node's, or a cluster's by its agents",
  description:
    'Enter opens a node, a destination, who holds its ports, then which ports. A cluster (by the rules of "diagnose") is watched by its agents alone: portolan install. Only reads, and spends at most a fifth of a core on this node: a look that takes long is followed by a longer wait, and the screen says so. ? lists the keys (docs/reference/top.md). Not on a terminal, use diagnose or --once.',
  examples: [
    { command: 'top', what: 'this node, a look every two seconds' },
    { command: 'top --context prod', what: 'the nodes of a cluster, by their agents' },
    { command: 'top --once', what: 'one screen as text, for a pipe or a ticket' },
    { command: 'top --lab filling', what: 'a lab scenario while its traffic goes on' },
  ],
  flags: [
    {
      name: 'interval',
      value: 'DURATION',
      description: 'how long each look watches counters and new connections; how often agents are asked',
      fallback: '2s, of a cluster 5s',
    },
    {
      name: 'netns',
      value: 'PATH',
      description: 'network namespace to read, for example /run/netns/blue',
      fallback: "the program's own",
    },
    { name: 'lab', value: 'NAME', description: 'build this scenario of "lab list" and watch its node instead' },
    {
      name: 'range',
      value: 'FIRST:LAST',
      description: "with --lab: SNAT port range of the lab's node",
      fallback: "the scenario's own",
    },
    { name: 'local', description: 'this node, also where KUBECONFIG is set or in a pod' },
    ...TOP_CLUSTER_FLAGS,
    { name: 'once', description: 'print one frame and end; needs no terminal' },
  ],
  needsLinux: false,
  run: async (input) => (await import('../commands/top.ts')).runTopCommand(input),
};
