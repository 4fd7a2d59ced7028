// Gives a new flow its SNAT port as a node's rule does: one part of the range at random, then the kernel's search in it.
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import { createPortFinder, type PortFinder } from '../core/alloc/port-finder.ts';
import type { Random } from '../core/alloc/reference-search.ts';
import { type PortRange, rangeContains, rangeSize, UNRESTRICTED_RANGE } from '../core/model/port-range.ts';
import type { SimNodes } from './sim-scenario.ts';
import type { SimSpace } from './sim-space.ts';

/** The ranges of a scenario; without any, what the kernel takes for source ports from 1024. */
export function rangesOf(ranges: readonly PortRange[] | undefined): readonly PortRange[] {
  return ranges === undefined || ranges.length === 0 ? [UNRESTRICTED_RANGE] : ranges;
}

export class PortAllocator {
  /** What the kernel added to its `found` counter for the last flow. */
  found = 0;
  /** Whether the last flow took a closing entry over. */
  evicted = false;
  readonly #finder: PortFinder;
  readonly #random: Random;
  readonly #keepsPort: boolean;
  #ranges: readonly PortRange[];
  #size: number;

  constructor({ kernel, random: flag, ranges }: SimNodes, random: Random) {
    this.#finder = createPortFinder(eraBehaviour(kernel), random, { flags: flag });
    this.#random = random;
    this.#keepsPort = flag === 'none';
    this.#ranges = rangesOf(ranges);
    this.#size = sizeOf(this.#ranges);
  }

  get ranges(): readonly PortRange[] {
    return this.#ranges;
  }

  /** Ports of all parts together. */
  get size(): number {
    return this.#size;
  }

  /** For new flows; those that exist keep their ports. */
  setRanges(ranges: readonly PortRange[]): void {
    this.#ranges = rangesOf(ranges);
    this.#size = sizeOf(this.#ranges);
  }

  /** Whether the range in force has the port. */
  covers(port: number): boolean {
    for (const range of this.#ranges) if (rangeContains(range, port)) return true;
    return false;
  }

  /** A port for a flow of this protocol from the pod's own port; -1 when the packet is dropped. */
  allocate(space: SimSpace, protocol: number, sourcePort: number): number {
    const range = this.#part();
    if (this.#keepsPort && rangeContains(range, sourcePort) && !space.occupied.has(sourcePort)) {
      this.found = 0;
      this.evicted = false;
      return sourcePort;
    }
    const port = this.#finder.find(space.occupied, space.evictable, range, protocol);
    this.found = this.#finder.found;
    this.evicted = this.#finder.evicted;
    return port;
  }

  /** One part, by size; the kernel tries no other when it is full. */
  #part(): PortRange {
    const ranges = this.#ranges;
    const [first = UNRESTRICTED_RANGE] = ranges;
    if (ranges.length === 1) return first;
    let left = Math.floor(this.#random() * this.#size);
    for (const range of ranges) {
      left -= rangeSize(range);
      if (left < 0) return range;
    }
    return first;
  }
}

function sizeOf(ranges: readonly PortRange[]): number {
  return ranges.reduce((total, range) => total + rangeSize(range), 0);
}
