// One range under one hold pattern: the flows that fit at a drop probability, and the drop probability at so many flows.
import { ACCUMULATING_ROWS } from './capacity-rows-accumulating.ts';
import { EXPONENTIAL_ROWS } from './capacity-rows-exponential.ts';
import { FIXED_ROWS } from './capacity-rows-fixed.ts';
import { FLOODED_ROWS } from './capacity-rows-flooded.ts';
import { type CapacityRow, interpolateRows } from './capacity-row.ts';
import { erlangLoss, erlangOffered } from './erlang-loss.ts';
import { FillingCurve, OfferedCurve } from './tabled-curve.ts';

/**
 * What happens to the ports. `fixed`, `exponential`: flows hold theirs equally or randomly long; `accumulating`: nothing ends.
 * `flooded`: a kernel that takes closing entries over, with closing entries on every port that no live flow holds; live flows are
 * counted, and they live equally long, which is the harder case.
 */
export const CURVE_KINDS = ['fixed', 'exponential', 'accumulating', 'flooded'] as const;

export type CurveKind = (typeof CURVE_KINDS)[number];

/** n(P) and P(n); each is the other's inverse, and neither ever falls. */
export interface CapacityCurve {
  /** Flows at which a new one is lost with `target`, 0 < target < 1. */
  capacity(target: number): number;
  /** Chance that a new flow is lost with so many, 0..1. */
  drop(flows: number): number;
}

/** Up to this many ports the first window is the whole range (max_attempts of nf_nat_l4proto_unique_tuple). */
const SCANNED_WHOLE = 128;

/** The curve of a range of `size` ports, 1..65,536. */
export function capacityCurve(
  kind: CurveKind,
  size: number,
  search: 'windows' | 'full-scan' = 'windows',
): CapacityCurve {
  const isWhole = search === 'full-scan' || size <= SCANNED_WHOLE;
  switch (kind) {
    case 'fixed':
      return isWhole ? new ErlangCurve(size) : offered(FIXED_ROWS, size);
    case 'exponential':
      return isWhole ? new ErlangCurve(size) : offered(EXPONENTIAL_ROWS, size);
    case 'accumulating':
      return isWhole ? new BrimCurve(size) : new FillingCurve(interpolateRows(ACCUMULATING_ROWS, size), size);
    case 'flooded':
      return offered(FLOODED_ROWS, size);
  }
}

function offered(rows: readonly CapacityRow[], size: number): CapacityCurve {
  return new OfferedCurve(interpolateRows(rows, size));
}

/** Every port is tried, flows end: Erlang's formula. */
class ErlangCurve implements CapacityCurve {
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  capacity(target: number): number {
    return erlangOffered(this.#size, target);
  }

  drop(flows: number): number {
    return erlangLoss(this.#size, flows);
  }
}

/** Every port is tried and none comes back: nothing is lost until the last port is held. */
class BrimCurve implements CapacityCurve {
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  capacity(target: number): number {
    return this.#size - 1 + target;
  }

  drop(flows: number): number {
    return Math.min(Math.max(flows - this.#size + 1, 0), 1);
  }
}
