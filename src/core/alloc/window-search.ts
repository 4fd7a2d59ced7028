// Linux >= 5.0 without eviction (and every UDP flow): 128+64+32+16+8 candidates in five independent places.
// Source: nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_core.c, mainline a504b703bb1d.
import { type PortRange, rangeSize } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { type PortSearch, STARTS, searchWindows } from './port-search.ts';

/** Chance that every window of the search is occupied from end to end, 0..1. */
export function windowSearchDrop(occupied: PortSet, range: PortRange): number {
  const shares = windowMissShares({ occupied, range }, searchWindows(rangeSize(range)));
  return shares.reduce((product, share) => product * share, 1);
}

/**
 * For each width, the share of the 65,536 starts whose next `width` candidates are all occupied.
 *
 * A start is u16 modulo range size and the counter wraps at 65,536, so the candidates form a ring of 65,536 offsets in which
 * a maximal occupied run of length L holds L - width + 1 such starts.
 */
export function windowMissShares(
  { occupied, range }: Pick<PortSearch, 'occupied' | 'range'>,
  widths: readonly number[],
): readonly number[] {
  const size = rangeSize(range);
  const firstFree = firstFreeOffset(occupied, range);
  if (firstFree === undefined) return widths.map(() => 1);
  const misses = widths.map(() => 0);
  const narrowest = Math.min(...widths);
  let run = 0;
  for (let step = 1; step <= STARTS; step += 1) {
    const port = range.first + (((firstFree + step) & 0xffff) % size);
    if (occupied.has(port)) {
      run += 1;
      continue;
    }
    if (run >= narrowest)
      widths.forEach((width, index) => (misses[index] = (misses[index] ?? 0) + Math.max(0, run - width + 1)));
    run = 0;
  }
  return misses.map((count) => count / STARTS);
}

function firstFreeOffset(occupied: PortSet, range: PortRange): number | undefined {
  for (let port = range.first; port <= range.last; port += 1) if (!occupied.has(port)) return port - range.first;
  return undefined;
}
