// `portolan preflight` as data.
import { CLUSTER_CHOICE_FLAGS, CLUSTER_REACH_FLAGS } from '../cluster/cluster-flags.ts';
import type { CommandSpec } from '../command-spec.ts';

export const PREFLIGHT_COMMAND: CommandSpec = {
  name: 'preflight',
  summary:
    "Before an update of the master to 1.25 or later, or any other natPortRange: would today's load of the cluster fit",
  description:
    'Changes nothing. Says which nodes would get the new range at all, which port spaces and workloads would not fit in it, and what to set beforehand so that the update keeps it. Exits 0 when all fits, 2 when something does not, 3 when it cannot be told.',
  examples: [
    { command: 'preflight', what: 'an update that sets 32768:65535 where nothing is set' },
    { command: 'preflight --load 2x', what: "with twice today's load" },
    { command: 'preflight --to 50000:65535', what: 'another range, written into FelixConfiguration default' },
  ],
  flags: [
    {
      name: 'to',
      value: 'LOWER:UPPER',
      description: 'the range to come, written into FelixConfiguration default',
      fallback: '32768:65535 where nothing is set, as the update does',
    },
    { name: 'target', value: 'CHANCE', description: 'how often a new connection may be lost', fallback: '1/1000' },
    { name: 'load', value: 'FACTOR', description: "at how many times today's load", fallback: '1x' },
    { name: 'for', value: 'DURATION', description: 'how long to watch each node', fallback: '2s' },
    ...CLUSTER_CHOICE_FLAGS,
    ...CLUSTER_REACH_FLAGS,
    { name: 'top', value: 'N', description: 'how many nodes get a row', fallback: '15' },
  ],
  formats: ['table', 'json', 'yaml'],
  needsLinux: false,
  run: async (input) => (await import('../commands/preflight.ts')).runPreflight(input),
};
