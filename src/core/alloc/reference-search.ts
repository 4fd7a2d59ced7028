// One port search, candidate by candidate, as the kernel runs it: the yardstick for the closed forms and the simulator's allocator.
import { type Port, rangeSize } from '../model/port-range.ts';
import { TCP } from '../model/protocol.ts';
import { HARDER_THRESHOLD, type PortSearch, STARTS, searchWindows } from './port-search.ts';

/** How one search ended. */
export interface SearchOutcome {
  /** The port taken, or undefined: the packet is dropped when its entry is confirmed. */
  readonly port: Port | undefined;
  /** Whether a closing entry was taken over. */
  readonly evicted: boolean;
  /** What the kernel adds to its `found` counter: occupied candidates outside the evicting part of a window. */
  readonly found: number;
}

/** A source of numbers in [0, 1); seeded by the caller. */
export type Random = () => number;

/** Runs one search; the port sets are left as they are. */
export function searchPort(search: PortSearch, random: Random): SearchOutcome {
  return search.behaviour.search === 'full-scan' ? scanAll(search, random) : scanWindows(search, random);
}

function scanWindows(search: PortSearch, random: Random): SearchOutcome {
  const { occupied, evictable, range } = search;
  const size = rangeSize(range);
  const evicts = search.protocol === TCP && search.behaviour.evictsClosing === 'yes';
  let found = 0;
  for (const width of searchWindows(size)) {
    let offset = Math.floor(random() * STARTS);
    for (let attempt = 0; attempt < width; attempt += 1, offset = (offset + 1) & 0xffff) {
      const port = range.first + (offset % size);
      if (!occupied.has(port)) return { port, evicted: false, found };
      if (!evicts || width - attempt > HARDER_THRESHOLD) found += 1;
      else if (evictable.has(port) && random() < 0.5) return { port, evicted: true, found };
    }
  }
  return { port: undefined, evicted: false, found };
}

/** 4.x: the offset wraps in 16 bits, so that not every start reaches every port; the last candidate is taken without a look. */
function scanAll(search: PortSearch, random: Random): SearchOutcome {
  const size = rangeSize(search.range);
  let offset = Math.floor(random() * STARTS);
  for (let attempt = 1; attempt < size; attempt += 1, offset = (offset + 1) & 0xffff) {
    const port = search.range.first + (offset % size);
    if (!search.occupied.has(port)) return { port, evicted: false, found: attempt - 1 };
  }
  const last = search.range.first + (offset % size);
  return { port: search.occupied.has(last) ? undefined : last, evicted: false, found: size - 1 };
}
