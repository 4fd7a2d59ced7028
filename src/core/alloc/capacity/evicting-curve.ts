// n(P) and P(n) where a new TCP flow may take a closing entry over (Linux 6.5 and later).
// No more is lost than if nothing could be taken over. And no more than if closing entries held every port that is not live, once
// there are enough of them: where all flows just fill the range, live ones stand in runs that no closing entry interrupts.
import type { CapacityCurve } from './capacity-curve.ts';

/** The better of the two bounds; all flows are counted, closing ones included. */
export class EvictingCurve implements CapacityCurve {
  readonly #held: CapacityCurve;
  readonly #live: CapacityCurve;
  readonly #liveShare: number;

  /** @param curves The curve of all flows without take-over; the flooded curve of live flows; the share of a hold that is live. */
  constructor(curves: { readonly held: CapacityCurve; readonly live: CapacityCurve; readonly liveShare: number }) {
    this.#held = curves.held;
    this.#live = curves.live;
    this.#liveShare = curves.liveShare;
  }

  /** Infinity where flows are not live at all. */
  capacity(target: number): number {
    const held = this.#held.capacity(target);
    return target < hump(this.#liveShare) ? held : Math.max(held, this.#live.capacity(target) / this.#liveShare);
  }

  drop(flows: number): number {
    const flooded = Math.max(this.#live.drop(flows * this.#liveShare), hump(this.#liveShare));
    return Math.min(this.#held.drop(flows), flooded);
  }
}

/**
 * Live share, and the most that is lost while all flows just fill the range: what direct simulation gave (bench/capacity-churn.ts: 1.4e-6 at
 * 0.4, 3.6e-5 at 0.5, 4.8e-4 at 0.6, 1.1e-3 at 0.65, 2.5e-3 at 0.7, 8.8e-3 at 0.8), and a quarter more at least.
 */
const HUMP = [
  [0.4, 3e-6],
  [0.5, 6e-5],
  [0.6, 7e-4],
  [0.65, 1.5e-3],
  [0.7, 3.3e-3],
  [0.8, 1.1e-2],
  [0.9, 3e-2],
  [1, 0.1],
] as const;

/** Linear in the logarithm; below the first share it falls on. */
function hump(liveShare: number): number {
  const last = HUMP.findIndex(([share]) => share >= liveShare);
  const [[from, low], [to, high]] = [HUMP[Math.max(0, last - 1)] ?? HUMP[0], HUMP[Math.max(1, last)] ?? HUMP[7]];
  return low * (high / low) ** ((liveShare - from) / (to - from));
}
