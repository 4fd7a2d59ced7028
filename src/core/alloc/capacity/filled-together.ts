// Parts that only fill: how many flows each holds is as random as the choice of parts, which costs small parts dearly.
import type { CapacityCurve } from './capacity-curve.ts';
import type { PartKind } from './part-kind.ts';

/** Gauss-Hermite nodes for a normal distribution, and their weights. */
const NODES = [
  [-2.856_970_013_872_806, 0.011_257_411_327_720_69],
  [-1.355_626_179_974_266, 0.222_075_922_005_612_6],
  [0, 0.533_333_333_333_333_3],
  [1.355_626_179_974_266, 0.222_075_922_005_612_6],
  [2.856_970_013_872_806, 0.011_257_411_327_720_69],
] as const;

/**
 * Several parts under an insert-only load. Of parts below 500 ports too little is said to be lost (32 parts of 128 at 95 %: .23,
 * where a kernel loses .37): five nodes are few for a curve that steep, and flows lost before are not tried again.
 */
export class FilledTogether implements CapacityCurve {
  readonly #kinds: readonly PartKind[];
  readonly #size: number;

  constructor(kinds: readonly PartKind[]) {
    this.#kinds = kinds;
    this.#size = kinds.reduce((total, { size, count }) => total + size * count, 0);
  }

  capacity(target: number): number {
    let [low, high] = [0, this.#size];
    for (let step = 0; step < 100 && high - low > 1e-9 * high; step += 1) {
      const middle = (low + high) / 2;
      if (this.drop(middle) > target) high = middle;
      else low = middle;
    }
    return low;
  }

  drop(flows: number): number {
    if (flows >= this.#size) return 1;
    const tried = this.#triedFor(flows);
    return this.#kinds.reduce((total, kind) => total + kind.count * kind.share * meanDrop(kind, tried), 0);
  }

  /** Flows that were tried when `flows` are held: a full part holds no more, so the others carry on. */
  #triedFor(flows: number): number {
    const byFullness = [...this.#kinds].sort((left, right) => left.size / left.share - right.size / right.share);
    let [held, share] = [0, this.#kinds.reduce((total, kind) => total + kind.share * kind.count, 0)];
    for (const kind of byFullness) {
      if (held + (kind.size / kind.share) * share >= flows) break;
      held += kind.size * kind.count;
      share -= kind.share * kind.count;
    }
    return share <= 0 ? Number.MAX_VALUE : (flows - held) / share;
  }
}

/** Mean over how many of the flows tried chose this part. */
function meanDrop({ curve, size, share }: PartKind, tried: number): number {
  const mean = tried * share;
  if (mean >= size) return 1;
  const deviation = Math.sqrt(mean * Math.max(0, 1 - share));
  return NODES.reduce(
    (total, [node, weight]) => total + weight * curve.drop(Math.min(mean + node * deviation, size)),
    0,
  );
}
