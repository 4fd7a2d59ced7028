// n(P) and P(n) where a new TCP flow may take a closing entry over (Linux 6.5 and later), by two bounds that both hold:
// no more is lost than if nothing could be taken over, and no more than if closing entries held every port that is not live.
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
    return Math.max(this.#held.capacity(target), this.#live.capacity(target) / this.#liveShare);
  }

  drop(flows: number): number {
    return Math.min(this.#held.drop(flows), this.#live.drop(flows * this.#liveShare));
  }
}
