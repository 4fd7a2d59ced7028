// Everything that can be said of one search before it is made: from the occupied ports alone, in closed form.
// Independent of the searches under test: it counts starts, they walk candidates.
import { HARDER_THRESHOLD, type SearchBehaviour, STARTS, searchWindows } from '../../../src/core/alloc/port-search.ts';
import { type PortRange, rangeSize } from '../../../src/core/model/port-range.ts';
import type { PortSet } from '../../../src/core/model/port-set.ts';
import { TCP } from '../../../src/core/model/protocol.ts';

export interface SearchLaw {
  /** Chance that the search gives up. */
  readonly drop: number;
  /** Chance that it adds 0, 1, 2, ... to `found`. */
  readonly found: Float64Array;
  /** Mean of `found`. */
  readonly mean: number;
}

export interface LawOptions {
  readonly range: PortRange;
  readonly protocol: number;
  /** How the search counts. Entries that may be evicted are not part of this law. */
  readonly counting: SearchBehaviour;
}

/** The law of a search by windows when no held port may be taken over. */
export function searchLaw(occupied: PortSet, { range, protocol, counting }: LawOptions): SearchLaw {
  const runs = runsFromStarts(occupied, range);
  const uncounted = protocol === TCP && counting.evictsClosing === 'yes' ? HARDER_THRESHOLD : 0;
  const found = new Float64Array(512);
  let [reached, counted] = [1, 0];
  for (const width of searchWindows(rangeSize(range))) {
    const most = Math.max(0, width - uncounted);
    for (let met = 0; met < width; met += 1) add(found, counted + Math.min(met, most), reached * (runs[met] ?? 0));
    counted += most;
    reached *= runs.subarray(width).reduce((sum, share) => sum + share, 0);
  }
  add(found, counted, reached);
  const law = found.subarray(0, counted + 1);
  return { drop: reached, found: law, mean: law.reduce((sum, share, value) => sum + share * value, 0) };
}

function add(law: Float64Array, value: number, share: number): void {
  law[value] = (law[value] ?? 0) + share;
}

/** For 0, 1, ... 128: the share of starts that meet exactly so many occupied candidates in a row (128: or more). */
function runsFromStarts(occupied: PortSet, { first, last }: PortRange): Float64Array {
  const size = last - first + 1;
  const shares = new Float64Array(129);
  let run = 0;
  // Two laps backwards round the ring of starts: the first makes the run right where the second begins.
  for (let step = 2 * STARTS - 1; step >= 0; step -= 1) {
    const offset = step & (STARTS - 1);
    run = occupied.has(first + (offset % size)) ? Math.min(128, run + 1) : 0;
    if (step < STARTS) shares[run] = (shares[run] ?? 0) + 1 / STARTS;
  }
  return shares;
}
