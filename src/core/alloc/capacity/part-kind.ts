// Parts of a pool that are alike: how many there are, and what each is.
import type { CapacityCurve } from './capacity-curve.ts';

export interface PartKind {
  readonly curve: CapacityCurve;
  readonly size: number;
  /** Of the searches, for one of them. */
  readonly share: number;
  readonly count: number;
}
