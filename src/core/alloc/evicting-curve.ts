// n(P) and P(n) where a new TCP flow may take a closing entry over (Linux 6.5 and later).
// No more is lost than if nothing could be taken over. And no more than if closing entries held every port that is not live, once
// there are enough of them: where all flows just fill the range, live ones stand in runs that no closing entry interrupts.
import type { CapacityCurve } from './capacity-curve.ts';

/** Live for less than a ten-thousandth of its hold (12 ms of 120 s) no flow is: there and back takes as long. */
const LEAST_LIVE_SHARE = 1e-4;

/** The better of the two bounds; all flows are counted, closing ones included. */
export class EvictingCurve implements CapacityCurve {
  readonly #held: CapacityCurve;
  readonly #live: CapacityCurve;
  readonly #liveShare: number;

  /** @param curves The curve of all flows without take-over; the flooded curve of live flows; the share of a hold that is live. */
  constructor(curves: { readonly held: CapacityCurve; readonly live: CapacityCurve; readonly liveShare: number }) {
    this.#held = curves.held;
    this.#live = curves.live;
    this.#liveShare = Math.max(curves.liveShare, LEAST_LIVE_SHARE);
  }

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
 * The most that is lost while all flows about fill the range: simulated (bench/capacity-churn.ts) 1.1e-3 at a live share of 0.65, 2.3e-3 at 0.7,
 * 8.8e-3 at 0.8; this lies above those and rises with the share as they do.
 */
function hump(liveShare: number): number {
  return Math.min(1, 3e-3 * Math.exp(14 * (liveShare - 0.7)));
}
