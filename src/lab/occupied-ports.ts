// Which ports the kernel's own search would have left occupied: linear probing makes clusters, and clusters are what makes
// searches fail. Evenly spread ports would make a lab node look healthier than a real one.
import { PortSet } from '../core/model/port-set.ts';
import { type PortRange, rangeSize } from '../core/model/port-range.ts';
import type { Random } from '../core/alloc/reference-search.ts';

export interface Occupancy {
  readonly range: PortRange;
  /** Share of the range that is held, 0..1. */
  readonly share: number;
  /** How often each held port was given back and another one taken; 0 is a fill by arrivals alone. Default 2. */
  readonly turnovers?: number;
  readonly random: Random;
}

/** The held ports, in no particular order. */
export function occupiedPorts({ range, share, turnovers = 2, random }: Occupancy): Uint16Array {
  const wanted = Math.round(rangeSize(range) * share);
  if (wanted === rangeSize(range)) return Uint16Array.from({ length: wanted }, (_, index) => range.first + index);
  const held = new Uint16Array(wanted);
  const occupied = new PortSet();
  for (let index = 0; index < wanted; index += 1) held[index] = take(occupied, { range, random });
  for (let turn = 0; turn < wanted * turnovers; turn += 1) {
    const index = Math.floor(random() * wanted);
    occupied.delete(held[index] ?? 0);
    held[index] = take(occupied, { range, random });
  }
  return held;
}

/** One search: a random u16 start, then windows of 128, 64, ... 8; when all fail, the next packet's search. */
function take(occupied: PortSet, { range, random }: { readonly range: PortRange; readonly random: Random }): number {
  const size = rangeSize(range);
  for (;;) {
    for (let width = Math.min(size, 128); width >= 8; width = width >>> 1) {
      let offset = Math.floor(random() * 65_536);
      for (let attempt = 0; attempt < width; attempt += 1, offset = (offset + 1) & 0xffff) {
        const port = range.first + (offset % size);
        if (occupied.has(port)) continue;
        occupied.add(port);
        return port;
      }
    }
  }
}
