// The simulator's port search: the kernel's own, one object per kernel, no allocation per search.
import type { NatRandom } from '../model/nat-rule.ts';
import type { Port, PortRange } from '../model/port-range.ts';
import type { PortSet } from '../model/port-set.ts';
import { EvictingFinder } from './evicting-finder.ts';
import { FullScanFinder } from './full-scan-finder.ts';
import type { SearchBehaviour } from './port-search.ts';
import type { Random } from './reference-search.ts';
import { WindowFinder } from './window-finder.ts';

/** Finds a port as one kernel does; what the last search did is in its fields. */
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
  find(occupied: PortSet, evictable: PortSet, range: PortRange, protocol: number): Port;
}

export interface FinderOptions {
  /** Only Linux 4.x starts differently for each; `random-fully` when absent. */
  readonly flags?: NatRandom;
  /** Where the last search of each IPPROTO_* ended on 4.x, for finders that share it; own ones when absent. */
  readonly rovers?: Uint16Array;
  /**
   * Whether the new SYN lies ahead of the closing entry on this port, `(s32)(end - td_end) > 0`. A fair coin when absent: the
   * initial sequence numbers of different clients are unrelated.
   */
  readonly isAhead?: (port: Port) => boolean;
}

/** The finder of a kernel; `random` gives numbers in [0, 1). An `unknown` behaviour counts as windows without eviction. */
export function createPortFinder(
  behaviour: SearchBehaviour,
  random: Random,
  { flags = 'random-fully', rovers, isAhead = () => random() < 0.5 }: FinderOptions = {},
): PortFinder {
  if (behaviour.search === 'full-scan') return new FullScanFinder(random, { flags, rovers });
  return behaviour.evictsClosing === 'yes' ? new EvictingFinder(random, isAhead) : new WindowFinder(random);
}
