// A count that also knows how it stood some seconds ago: what counters and events of an observation's window say.

/** The count now, at the last roll and at the one before. */
export interface WindowCount {
  total: number;
  atRoll: number;
  atRollBefore: number;
}

/** Rolls lie this far apart, so a window is 10 to 20 s long. */
export const ROLL_SECONDS = 10;

export function newWindowCount(): WindowCount {
  return { total: 0, atRoll: 0, atRollBefore: 0 };
}

/** A window begins. */
export function roll(count: WindowCount): void {
  count.atRollBefore = count.atRoll;
  count.atRoll = count.total;
}

/** What came since the roll before the last. */
export function inWindow(count: WindowCount): number {
  return count.total - count.atRollBefore;
}
