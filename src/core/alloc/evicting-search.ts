// Linux >= 6.5, TCP: the last 32 candidates of a window may take over a closing entry when the sequence numbers allow it.
// Source: nf_nat_used_tuple_harder in net/netfilter/nf_nat_core.c, mainline 4589725502871e77.
import { type PortRange, rangeSize } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { HARDER_THRESHOLD, STARTS, searchWindows } from './port-search.ts';

/** One lap of the ring of starts plus the widest window, so that no index needs to wrap. */
const LAP = STARTS + 128;

/** Chance that a new SYN neither finds a free port nor may take over a closing one, 0..1. */
export function evictingSearchDrop(occupied: PortSet, evictable: PortSet, range: PortRange): number {
  const windows = searchWindows(rangeSize(range));
  const ring = layOut(occupied, evictable, range);
  let drop = 1;
  for (const width of windows) {
    drop *= meanRefusal(ring, width);
    if (drop === 0) return 0;
  }
  return drop;
}

interface Ring {
  /** Occupied offsets in a row from here on, counted up to 128. */
  readonly run: Uint8Array;
  /** How many evictable offsets lie before this one. */
  readonly evictableBefore: Uint32Array;
}

function layOut(occupied: PortSet, evictable: PortSet, range: PortRange): Ring {
  const size = rangeSize(range);
  const run = new Uint8Array(LAP + 1);
  const evictableBefore = new Uint32Array(LAP + 1);
  for (let offset = 0; offset < LAP; offset += 1) {
    const port = range.first + ((offset & 0xffff) % size);
    run[offset] = occupied.has(port) ? 1 : 0;
    evictableBefore[offset + 1] = (evictableBefore[offset] ?? 0) + (evictable.has(port) ? 1 : 0);
  }
  for (let offset = LAP - 1; offset >= 0; offset -= 1) {
    if (run[offset] === 1) run[offset] = Math.min(128, 1 + (run[offset + 1] ?? 0));
  }
  return { run, evictableBefore };
}

/** Mean over all starts of the chance that a window of this width yields nothing. */
function meanRefusal(ring: Ring, width: number): number {
  const { run, evictableBefore } = ring;
  const mayEvict = Math.min(width, HARDER_THRESHOLD);
  const refused = refusals();
  let total = 0;
  for (let start = 0; start < STARTS; start += 1) {
    if ((run[start] ?? 0) < width) continue;
    const end = start + width;
    const closing = (evictableBefore[end] ?? 0) - (evictableBefore[end - mayEvict] ?? 0);
    total += refused[closing] ?? 0;
  }
  return total / STARTS;
}

/**
 * Chance that n closing entries all refuse: a new SYN must lie ahead of the old flow's end in 32-bit sequence space, and the
 * initial sequence numbers of different clients are unrelated, so each refuses with 1/2.
 */
function refusals(): Float64Array {
  return Float64Array.from({ length: HARDER_THRESHOLD + 1 }, (_, closing) => 0.5 ** closing);
}
