// n(P) and P(n) of several parts together: each flow gets one part at random, so each part sees its share of the arrivals.
import { type PortRange, rangeSize } from '../../model/port-range.ts';
import { type CapacityCurve, capacityCurve } from './capacity-curve.ts';
import { EvictingCurve } from './evicting-curve.ts';
import { FilledTogether } from './filled-together.ts';
import type { PartKind } from './part-kind.ts';

export interface PoolTraits {
  readonly search: 'windows' | 'full-scan';
  readonly pattern: 'fixed' | 'exponential' | 'accumulating';
  /** Below 1 only where closing entries are taken over. */
  readonly liveShare: number;
}

/** The curve of a pool; of parts that are alike one is looked at. */
export function poolCurve(
  parts: readonly { readonly range: PortRange; readonly share: number }[],
  traits: PoolTraits,
): CapacityCurve {
  const kinds = new Map<string, PartKind>();
  for (const { range, share } of parts) {
    if (share <= 0) continue;
    const size = rangeSize(range);
    const key = `${size} ${share}`;
    const same = kinds.get(key);
    kinds.set(key, { curve: same?.curve ?? partCurve(size, traits), size, share, count: (same?.count ?? 0) + 1 });
  }
  const all = [...kinds.values()];
  const [only] = all;
  if (only !== undefined && only.share === 1) return only.curve;
  return traits.pattern === 'accumulating' ? new FilledTogether(all) : new OfferedTogether(all);
}

function partCurve(size: number, { search, pattern, liveShare }: PoolTraits): CapacityCurve {
  const curve = capacityCurve(pattern, size, search);
  if (liveShare >= 1 || pattern === 'accumulating') return curve;
  return new EvictingCurve({ held: curve, live: capacityCurve('flooded', size), liveShare });
}

/** Poisson arrivals split at random stay Poisson arrivals, so the parts are independent of each other. */
class OfferedTogether implements CapacityCurve {
  readonly #kinds: readonly PartKind[];

  constructor(kinds: readonly PartKind[]) {
    this.#kinds = kinds;
  }

  capacity(target: number): number {
    const fits = this.#kinds.map(({ curve, share }) => curve.capacity(target) / share);
    let [low, high] = [Math.min(...fits), Math.max(...fits)];
    while (high - low > 1e-9 * high) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if (this.drop(middle) > target) high = middle;
      else low = middle;
    }
    return low;
  }

  drop(flows: number): number {
    return this.#kinds.reduce((total, { curve, share, count }) => total + count * share * curve.drop(flows * share), 0);
  }
}
