// How two figures or severities stand to each other, with room for what changes by chance from one look to the next.
import type { Severity } from '../finding.ts';
import { gravity } from '../severity.ts';
import { TRENDS, type Trend } from './comparison.ts';

/** Less than twice as much is what one window and the next differ by. */
const FACTOR = 2;

/** The worst of some; `same` of none. */
export function worstTrend(trends: readonly Trend[]): Trend {
  return TRENDS.find((trend) => trends.includes(trend)) ?? 'same';
}

/** More is worse; below `floor` nothing is worth a word. */
export function trendOfAmount(before: number, after: number, floor: number): Trend {
  if (after >= floor && after >= before * FACTOR) return before === after ? 'same' : 'worse';
  if (before >= floor && before >= after * FACTOR) return before === after ? 'same' : 'better';
  return 'same';
}

/** What could not be told on one side is unclear; on both it is the same. */
export function trendOfSeverity(before: Severity, after: Severity): Trend {
  if (before === after) return 'same';
  if (before === 'unknown' || after === 'unknown') return isTrouble(after) ? 'worse' : 'unclear';
  // Between fine and worth knowing nothing got worse.
  if (!isTrouble(before) && !isTrouble(after)) return 'same';
  return gravity(after) < gravity(before) ? 'worse' : 'better';
}

export function isTrouble(severity: Severity): boolean {
  return severity === 'critical' || severity === 'warning';
}
