// table-full: the conntrack table itself has no room, which has nothing to do with ports. Page: docs/checks/table-full.md
import { lostToFullTable } from '../../model/counters.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';

/** gc starts dropping closing and unconfirmed entries at 95 % of nf_conntrack_max; 90 % leaves time to act. */
const NEARLY_FULL = 0.9;
const FULL = 0.98;

/** Fires on how full the table is; drop without insert_failed turns it critical. */
export function checkTableFull({ facts }: NodeContext): readonly Finding[] {
  const { table, counters, gaps } = facts;
  if (table === undefined || table.max <= 0) return [];
  const share = table.count / table.max;
  if (share < NEARLY_FULL) return [];
  const lost = counters === undefined ? 0 : lostToFullTable(counters);
  const loses = share >= FULL || lost > 0;
  return [
    aboutNode(gaps, {
      check: 'table-full',
      severity: loses ? 'critical' : 'warning',
      sentence: loses
        ? 'The connection tracking table is full: new connections of every kind are dropped, whatever ports are free.'
        : 'The connection tracking table is almost full; once it is, new connections of every kind are dropped.',
      numbers: {
        entries: { value: table.count, unit: 'entries', source: 'nf_conntrack_count' },
        maximum: { value: table.max, unit: 'entries', source: 'nf_conntrack_max' },
        ...(counters === undefined
          ? {}
          : { lostPackets: { value: lost, unit: 'packets', source: 'drop less insert_failed, in the window' } }),
      },
      because: [
        'The count includes entries that have expired and are not yet collected, so it is an upper bound.',
        counters === undefined
          ? 'Counters were not read: no loss can be confirmed.'
          : `drop rose by ${counters.drop} and insert_failed by ${counters.insertFailed} in ${counters.seconds.toFixed(1)} s; a full table raises only drop.`,
      ],
      base: lost > 0 ? 'high' : 'medium',
      confidenceReason: 'no packet was lost to the table in the window, and its count includes expired entries',
      weights: { counters: 'medium' },
      remedy:
        'raise net.netfilter.nf_conntrack_max on the node (kube-proxy: --conntrack-max-per-core), or find who opens the connections',
    }),
  ];
}
