// Linux >= 6.5, TCP: as the windows before it, but the last 32 candidates of a window may be taken over when they are closing.
// Source: nf_nat_used_tuple_harder in net/netfilter/nf_nat_core.c, mainline 4589725502871e77.
import type { Port, PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { TCP } from '../model/protocol.ts';
import { CandidateRing } from './candidate-ring.ts';
import { HARDER_THRESHOLD, LAST_ATTEMPTS, MAX_ATTEMPTS, STARTS } from './port-search.ts';
import type { Random } from './reference-search.ts';
import { WindowFinder } from './window-finder.ts';

/** Finds ports as Linux 6.5 and later does. */
export class EvictingFinder {
  found = 0;
  evicted = false;
  readonly #random: Random;
  readonly #isAhead: (port: Port) => boolean;
  readonly #plain: WindowFinder;
  readonly #ring = new CandidateRing();

  constructor(random: Random, isAhead: (port: Port) => boolean) {
    this.#random = random;
    this.#isAhead = isAhead;
    this.#plain = new WindowFinder(random);
  }

  find(occupied: PortSet, evictable: PortSet, range: PortRange, protocol: number): Port {
    this.evicted = false;
    if (protocol === TCP) return this.#findForSyn(occupied, evictable, range);
    const port = this.#plain.find(occupied, evictable, range);
    this.found = this.#plain.found;
    return port;
  }

  #findForSyn(occupied: PortSet, evictable: PortSet, range: PortRange): Port {
    const ring = this.#ring;
    ring.layOver(occupied, range);
    this.found = 0;
    for (let width = Math.min(ring.size, MAX_ATTEMPTS); ; width >>>= 1) {
      const start = Math.floor(this.#random() * STARTS);
      const untouchable = Math.max(0, width - HARDER_THRESHOLD);
      const run = ring.occupiedRun(start, width);
      this.found += Math.min(run, untouchable);
      const taken = this.#takeOver(evictable, start + untouchable, start + run);
      if (taken >= 0) return taken;
      if (run < width) return ring.portAt(start + run);
      if (width >= ring.size || width < LAST_ATTEMPTS) return -1;
    }
  }

  /** The first occupied candidate between two offsets that lets itself be taken over, or -1. */
  #takeOver(evictable: PortSet, from: number, to: number): Port {
    for (let offset = from; offset < to; offset += 1) {
      const port = this.#ring.portAt(offset);
      if (!evictable.has(port) || !this.#isAhead(port)) continue;
      this.evicted = true;
      return port;
    }
    return -1;
  }
}
