// Cuts the ports that nobody else wants into parts whose sizes are powers of two: no start of a search is favoured in them.
import { MAX_PORT, type PortRange, rangeSize } from '../model/port-range.ts';

/** Smaller parts hurt more than their ports are worth: they fill before the others do. */
export const SMALLEST_PART = 2048;

/** The first port that no privilege guards. */
const FIRST_PORT = 1024;

/** Parts in port order, none of which holds a port of `skipped`. */
export function splitParts(skipped: readonly PortRange[]): readonly PortRange[] {
  return gapsBetween(skipped).flatMap(cut);
}

/** What remains of 1024-65535. */
function gapsBetween(skipped: readonly PortRange[]): readonly PortRange[] {
  const free: PortRange[] = [];
  let first = FIRST_PORT;
  for (const { first: from, last: to } of skipped.toSorted((left, right) => left.first - right.first)) {
    if (from > first) free.push({ first, last: Math.min(from - 1, MAX_PORT) });
    first = Math.max(first, to + 1);
  }
  if (first <= MAX_PORT) free.push({ first, last: MAX_PORT });
  return free;
}

/** The largest power of two first, then what is left of it. */
function cut(range: PortRange): readonly PortRange[] {
  const size = 2 ** Math.floor(Math.log2(rangeSize(range)));
  if (rangeSize(range) < SMALLEST_PART) return [];
  const part = { first: range.first, last: range.first + size - 1 };
  return part.last === range.last ? [part] : [part, ...cut({ first: part.last + 1, last: range.last })];
}
