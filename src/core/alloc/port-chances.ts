// The chance of every port to be the one that the next search takes, exact for the occupancy given.
import { type PortRange, rangeSize } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { type PortSearch, searchWindows, STARTS } from './port-search.ts';

/** Mark of an offset whose candidate is occupied. */
const OCCUPIED = -1;

/**
 * Chance of each port of the range, its first port at index 0; they add up to 1 less the drop probability.
 *
 * For a random start (random-fully, or any rule since 5.0 whose flow is searched for). Ports of closing entries count as occupied.
 */
export function portChances({ occupied, range, behaviour }: Omit<PortSearch, 'evictable' | 'protocol'>): Float64Array {
  const size = rangeSize(range);
  const chances = new Float64Array(size);
  const runs = occupiedRuns(occupied, range);
  let reached = 1 / STARTS;
  for (const width of behaviour.search === 'full-scan' ? [size] : searchWindows(size)) {
    let starts = 0;
    for (let offset = 0; offset < STARTS; offset += 1) {
      const run = runs[offset] ?? OCCUPIED;
      if (run === OCCUPIED) continue;
      // A window that starts in the run before a free candidate, or at it, ends there if it is wide enough.
      const landing = Math.min(run, width - 1) + 1;
      starts += landing;
      const port = offset % size;
      chances[port] = (chances[port] ?? 0) + reached * landing;
    }
    reached *= 1 - starts / STARTS;
  }
  return chances;
}

/** For each of the 65,536 offsets the number of occupied ones just before it, or the mark when it is occupied itself. */
function occupiedRuns(occupied: PortSet, range: PortRange): Int32Array {
  const size = rangeSize(range);
  const runs = new Int32Array(STARTS).fill(OCCUPIED);
  let run = 0;
  // The second lap knows the run that wraps into its beginning.
  for (let step = 0; step < 2 * STARTS; step += 1) {
    const offset = step & (STARTS - 1);
    if (occupied.has(range.first + (offset % size))) {
      run += 1;
    } else {
      runs[offset] = run;
      run = 0;
    }
  }
  return runs;
}
