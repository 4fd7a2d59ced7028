// The simulator's port search: the kernel's own, one object per kernel era, no allocation per search.
import type { PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import type { SearchBehaviour } from './port-search.ts';
import { type Random, searchPort } from './reference-search.ts';

/** Finds a port as one kernel era does; what the last search did is in its fields. */
export interface PortFinder {
  /** What the kernel added to its `found` counter in the last search. */
  readonly found: number;
  /** Whether the last search took a closing entry over. */
  readonly evicted: boolean;
  /**
   * Searches; the sets are left as they are.
   * @param occupied Ports of this port space that some entry holds.
   * @param evictable Those of them that a TCP SYN may take over.
   * @param range What the rule allows.
   * @param protocol IPPROTO_* of the new flow.
   * @returns the port, or -1 when the search gives up and the packet is dropped.
   */
  find(occupied: PortSet, evictable: PortSet, range: PortRange, protocol: number): number;
}

/** The finder of a kernel; `random` gives numbers in [0, 1). */
export function createPortFinder(behaviour: SearchBehaviour, random: Random): PortFinder {
  return new ReferenceFinder(behaviour, random);
}

class ReferenceFinder implements PortFinder {
  found = 0;
  evicted = false;
  readonly #behaviour: SearchBehaviour;
  readonly #random: Random;

  constructor(behaviour: SearchBehaviour, random: Random) {
    this.#behaviour = behaviour;
    this.#random = random;
  }

  find(occupied: PortSet, evictable: PortSet, range: PortRange, protocol: number): number {
    const outcome = searchPort({ occupied, evictable, range, protocol, behaviour: this.#behaviour }, this.#random);
    this.found = outcome.found;
    this.evicted = outcome.evicted;
    return outcome.port ?? -1;
  }
}
