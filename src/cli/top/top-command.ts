// portolan top as data.
import type { CommandSpec } from '../command-spec.ts';

export const TOP_COMMAND: CommandSpec = {
  name: 'top',
  summary: "Watch this node's SNAT ports live, worst destination first",
  description:
    'Enter opens a destination: who holds its ports, then which ports. Only reads, and spends at most a fifth of a core on it: a look that takes long is followed by a longer wait, and the screen says so. ? lists the keys (docs/reference/top.md). Not on a terminal, use diagnose or --once.',
  examples: [
    { command: 'top', what: 'this node, a look every two seconds' },
    { command: 'top --once', what: 'one screen as text, for a pipe or a ticket' },
    { command: 'top --lab filling', what: 'a lab scenario while its traffic goes on' },
  ],
  flags: [
    {
      name: 'interval',
      value: 'DURATION',
      description: 'how long each look watches counters and new connections',
      fallback: '2s',
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
    { name: 'once', description: 'print one frame and end; needs no terminal' },
  ],
  needsLinux: true,
  run: async (input) => (await import('../commands/top.ts')).runTopCommand(input),
};
