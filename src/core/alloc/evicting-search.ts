// Linux >= 6.5, TCP: the last 32 candidates of a window may take over a closing entry when the sequence numbers allow it.
// Source: nf_nat_used_tuple_harder in net/netfilter/nf_nat_core.c, mainline 4589725502871e77.
import { rangeSize } from '../model/port-range.ts';
import { HARDER_THRESHOLD, type PortSearch, STARTS, searchWindows } from './port-search.ts';

type Space = Pick<PortSearch, 'occupied' | 'evictable' | 'range'>;

/** One lap of the ring of starts plus the widest window, so that no index needs to wrap. */
const LAP = STARTS + 128;

/** Chance that a new SYN neither finds a free port nor may take over a closing one, 0..1. */
export function evictingSearchDrop(space: Space): number {
  const ring = layOut(space);
  let drop = 1;
  for (const width of searchWindows(rangeSize(space.range))) {
    drop *= meanRefusal(ring, width);
    if (drop === 0) return 0;
  }
  return drop;
}

interface Ring {
  /** The first offset at or after this one whose port is free; beyond the lap when there is none. */
  readonly freeFrom: Int32Array;
  /** How many evictable offsets lie before this one. */
  readonly evictableBefore: Int32Array;
}

function layOut({ occupied, evictable, range }: Space): Ring {
  const freeFrom = new Int32Array(LAP + 1);
  const evictableBefore = new Int32Array(LAP + 1);
  let before = 0;
  for (let offset = 0, port = range.first; offset < LAP; offset += 1) {
    if (evictable.has(port)) before += 1;
    evictableBefore[offset + 1] = before;
    freeFrom[offset] = occupied.has(port) ? 0 : 1;
    port = port === range.last || offset === STARTS - 1 ? range.first : port + 1;
  }
  let free = LAP + 1;
  for (let offset = LAP - 1; offset >= 0; offset -= 1) {
    if (freeFrom[offset] === 1) free = offset;
    freeFrom[offset] = free;
  }
  return { freeFrom, evictableBefore };
}

/**
 * Mean over all starts of the chance that a window of this width yields nothing.
 *
 * A new SYN must lie ahead of the old flow's end in 32-bit sequence space, and the initial sequence numbers of different clients
 * are unrelated, so each closing entry refuses with 1/2.
 */
function meanRefusal({ freeFrom, evictableBefore }: Ring, width: number): number {
  const untouchable = width - Math.min(width, HARDER_THRESHOLD);
  let total = 0;
  for (let start = 0; start < STARTS; ) {
    const free = freeFrom[start] ?? 0;
    const stop = Math.min(free - width + 1, STARTS);
    for (; start < stop; start += 1) {
      const closing = (evictableBefore[start + width] ?? 0) - (evictableBefore[start + untouchable] ?? 0);
      total += REFUSALS[closing & 63] ?? 0;
    }
    start = Math.max(start, free + 1);
  }
  return total / STARTS;
}

/** 2^-n for n closing entries, of which there are at most 32. */
const REFUSALS = Float64Array.from({ length: 64 }, (_, closing) => 0.5 ** closing);
