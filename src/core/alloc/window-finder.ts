// Linux >= 5.0: 128, 64, 32, 16, 8 candidates, each window from a new random start; a small range is scanned once.
// Source: nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_core.c, mainline a504b703bb1d.
import type { Port, PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { CandidateRing } from './candidate-ring.ts';
import { LAST_ATTEMPTS, MAX_ATTEMPTS, STARTS } from './port-search.ts';
import type { Random } from './reference-search.ts';

/** Finds ports as Linux 5.0 to 6.4 does, and as every later kernel does for what is not TCP. */
export class WindowFinder {
  found = 0;
  readonly evicted = false;
  readonly #random: Random;
  readonly #ring = new CandidateRing();

  constructor(random: Random) {
    this.#random = random;
  }

  find(occupied: PortSet, _evictable: PortSet, range: PortRange): Port {
    const ring = this.#ring;
    ring.layOver(occupied, range);
    this.found = 0;
    for (let width = Math.min(ring.size, MAX_ATTEMPTS); ; width >>>= 1) {
      const start = Math.floor(this.#random() * STARTS);
      const run = ring.occupiedRun(start, width);
      this.found += run;
      if (run < width) return ring.portAt(start + run);
      if (width >= ring.size || width < LAST_ATTEMPTS) return -1;
    }
  }
}
