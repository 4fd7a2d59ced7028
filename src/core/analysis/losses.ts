// Packets lost in the window, by cause, as the counters tell them apart.
import { lostToFullTable, lostToSnat } from '../model/counters.ts';
import type { NodeContext } from './check-context.ts';
import { raceLosses } from './checks/race.ts';
import type { LossSummary } from './diagnosis.ts';

/** Losses to SNAT and to a full table; undefined when the counters were not read. */
export function summarizeLosses(context: Pick<NodeContext, 'facts' | 'spaces'>): LossSummary | undefined {
  const { counters, arrivals } = context.facts;
  if (counters === undefined) return undefined;
  const snat = lostToSnat(counters);
  const races = raceLosses(context) > 0 ? { areRaces: true } : {};
  const summary = { seconds: counters.seconds, snat, tableFull: lostToFullTable(counters), ...races };
  if (arrivals === undefined) return summary;
  const tried = (arrivals.total * counters.seconds) / Math.max(arrivals.seconds, 0.001) + snat;
  return tried < 1 ? summary : { ...summary, probesPerFlow: counters.found / tried };
}
