// How near a port space is to losing packets: the exact drop probability for this kernel, and for one that cannot evict.
import { dropProbability } from '../alloc/drop-probability.ts';
import { HARDER_THRESHOLD, searchWindows } from '../alloc/port-search.ts';
import { windowMissShares } from '../alloc/window-search.ts';
import type { KernelBehaviour } from '../model/kernel-behaviour.ts';
import { rangeSize } from '../model/port-range.ts';
import { TCP } from '../model/protocol.ts';
import type { PortUse } from './port-use.ts';

export interface Pressure {
  /** Chance that the next SYN or datagram finds no port; the lower end when it is not known whether the kernel evicts. */
  readonly drop: number;
  /** The same on a kernel that takes over no closing entry; the upper end. */
  readonly dropWithoutEviction: number;
  /** Whether this kernel takes over this space's closing entries. */
  readonly evicts: 'yes' | 'no' | 'unknown';
  /** Ports of the range in use that this kernel does not take over. */
  readonly livePorts: number;
  readonly evictablePorts: number;
  readonly capacity: number;
  /** Chance that the next SYN meets no free port before it may take over a closing one. */
  readonly takeover: number;
}

/** Measures one charted port space. */
export function measurePressure(use: PortUse, protocol: number, behaviour: KernelBehaviour): Pressure {
  const evicts = protocol === TCP && behaviour.search !== 'full-scan' ? behaviour.evictsClosing : 'no';
  const search = { occupied: use.occupied, evictable: use.evictable, range: use.range, protocol };
  const evicting = { evictsClosing: evicts === 'no' ? 'no' : 'yes', search: behaviour.search } as const;
  const dropWithoutEviction = cannotFail(use)
    ? 0
    : dropProbability({ ...search, behaviour: { evictsClosing: 'no', search: behaviour.search } });
  const same = dropWithoutEviction === 0 || evicts === 'no' || use.evictablePorts === 0;
  const evictablePorts = evicts === 'no' ? 0 : use.evictablePorts;
  return {
    drop: same ? dropWithoutEviction : dropProbability({ ...search, behaviour: evicting }),
    dropWithoutEviction,
    evicts,
    livePorts: use.used - evictablePorts,
    evictablePorts,
    capacity: rangeSize(use.range),
    takeover: evictablePorts === 0 ? 0 : takeoverChance(use),
  };
}

/** A search fails only when each candidate of its first window is taken: no need to try every start in a nearly empty space. */
function cannotFail({ used, range }: PortUse): boolean {
  return used < fewestPorts(searchWindows(rangeSize(range))[0] ?? 0);
}

/** The distinct ports among so many candidates, at least: where the u16 counter wraps, they are two runs that may overlap. */
function fewestPorts(candidates: number): number {
  return Math.ceil(candidates / 2);
}

/** All candidates of the first window before the evicting part are occupied; a small range is one window. */
function takeoverChance(use: PortUse): number {
  const width = Math.min(128, rangeSize(use.range)) - HARDER_THRESHOLD;
  if (use.used < fewestPorts(width)) return 0;
  return width <= 0 ? 1 : (windowMissShares(use, [width])[0] ?? 0);
}
