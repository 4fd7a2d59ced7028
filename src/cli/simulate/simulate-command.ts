// `portolan simulate` as data.
import type { CommandSpec } from '../command-spec.ts';

export const SIMULATE_COMMAND: CommandSpec = {
  name: 'simulate',
  summary: 'Play a cluster from a scenario file in virtual time: ports over time, what is dropped, what comes late',
  description:
    'Changes nothing and reads nothing but the file. Same file and seed, same result. Files to start from: examples/.',
  examples: [
    { command: 'simulate examples/k2-old-kernel.yaml', what: 'one screen: who loses what, and why' },
    { command: 'simulate my.yaml -o svg > my.svg', what: 'a picture of ports and drops over time' },
    { command: 'simulate my.yaml --diagnose worst', what: 'what "diagnose" would say of the worst node at the end' },
    { command: 'simulate --from bundle.tgz', what: 'the load that "collect" saw on a node, played on' },
    { command: 'simulate my.yaml --at 10m -o json', what: 'stop after ten minutes; for a program' },
  ],
  flags: [
    {
      name: 'from',
      value: 'FILE',
      description: 'play the load of a node instead: a bundle of "collect", or what "diagnose FILE" takes',
    },
    { name: 'node', value: 'NAME', description: 'which node, where that bundle holds several', fallback: 'the worst' },
    { name: 'seed', value: 'N', description: 'another run of the same story', fallback: 'that of the file' },
    { name: 'at', value: 'TIME', description: 'stop at this moment, for example 10m', fallback: 'the end' },
    { name: 'diagnose', value: 'NODE', description: 'diagnose this node at the end; worst: the one that lost most' },
  ],
  operand: {
    name: '[FILE]',
    description: 'a scenario (docs/reference/scenario.md), - for stdin; none with --from',
    choices: 'files',
  },
  formats: ['table', 'json', 'yaml', 'csv', 'svg'],
  needsLinux: false,
  run: async (input) => (await import('../commands/simulate.ts')).runSimulate(input),
};
