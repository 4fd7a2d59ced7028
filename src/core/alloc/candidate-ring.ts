// The candidates of a port search in the order the kernel looks at them, read 32 at a time from the bitmap.
// Source: `min + off % range_size` with a u16 `off` (nf_nat_l4proto_unique_tuple), the same arithmetic from 4.x to 7.x.
import type { Port, PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { STARTS } from './port-search.ts';

/** A ring of 65,536 offsets laid over one port space; reused from search to search, so that a search allocates nothing. */
export class CandidateRing {
  #words: Uint32Array = new Uint32Array();
  #first = 0;
  #size = 1;

  /** Ports in the range. */
  get size(): number {
    return this.#size;
  }

  /** Lays the ring over another port space. */
  layOver(occupied: PortSet, range: PortRange): void {
    this.#words = occupied.words;
    this.#first = range.first;
    this.#size = range.last - range.first + 1;
  }

  /** The candidate at an offset, which may be past the end of the lap. */
  portAt(offset: number): Port {
    return this.#first + ((offset & (STARTS - 1)) % this.#size);
  }

  /** How many candidates from `start` on are occupied before the first free one; at most `limit`. */
  occupiedRun(start: number, limit: number): number {
    let run = 0;
    for (let offset = start; run < limit; ) {
      const position = offset % this.#size;
      const inARow = Math.min(limit - run, this.#size - position, STARTS - offset);
      const occupied = this.#occupiedFrom(this.#first + position, inARow);
      if (occupied < inARow) return run + occupied;
      run += inARow;
      offset = (offset + inARow) & (STARTS - 1);
    }
    return run;
  }

  /** How many ports in a row are occupied from `port` on; at least `enough` when there are more than that. */
  #occupiedFrom(port: Port, enough: number): number {
    const words = this.#words;
    let word = port >>> 5;
    let free = ~(words[word] ?? 0) & (-1 << (port & 31));
    while (free === 0) {
      word += 1;
      if ((word << 5) - port >= enough) return enough;
      free = ~(words[word] ?? 0);
    }
    return (word << 5) + 31 - Math.clz32(free & -free) - port;
  }
}
