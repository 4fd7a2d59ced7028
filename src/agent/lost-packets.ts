// Packets lost since the agent began: windows add up, each by its counters and by what its diagnosis made of them.
import type { LossSummary } from '../core/analysis/diagnosis.ts';
import { RACE_PROBES } from '../core/analysis/thresholds.ts';
import { type CounterDelta, lostToFullTable, lostToSnat } from '../core/model/counters.ts';
import type { LostPackets } from '../protocol/agent-report.ts';

/** The sum with one more window; undefined counters add nothing. */
export function addLosses(sum: LostPackets, window: LossSummary | CounterDelta | undefined): LostPackets {
  if (window === undefined) return sum;
  const { snat, table, areRaces } = partsOf(window);
  return {
    exhaustion: sum.exhaustion + (areRaces ? 0 : snat),
    race: sum.race + (areRaces ? snat : 0),
    table: sum.table + table,
  };
}

function partsOf(window: LossSummary | CounterDelta): { snat: number; table: number; areRaces: boolean } {
  if ('tableFull' in window) return { snat: window.snat, table: window.tableFull, areRaces: window.areRaces === true };
  const snat = lostToSnat(window);
  // No search gives up after so few: whatever lost these, ports were there.
  return { snat, table: lostToFullTable(window), areRaces: window.found / snat < RACE_PROBES };
}
