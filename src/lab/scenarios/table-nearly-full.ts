// The conntrack table itself runs out of room: nothing to do with ports, and easily mistaken for it.
import { occupiedPorts } from '../occupied-ports.ts';
import type { Scenario } from '../scenario.ts';

const RANGE = { first: 32_768, last: 65_535 };

export const tableNearlyFull: Scenario = {
  name: 'table-nearly-full',
  story:
    'The conntrack table holds 94 % of nf_conntrack_max. The limit is one per machine and a namespace cannot lower it, so this one reading is recorded; all else is real.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: { range: RANGE } },
  async setup(stage) {
    await stage.hold({ snatPorts: occupiedPorts({ range: RANGE, share: 0.05, random: stage.random }) });
  },
  record: (facts) => ({ ...facts, table: { count: 246_415, max: 262_144 } }),
  expect: [{ check: 'table-full', severity: 'warning', subject: 'node' }],
};
