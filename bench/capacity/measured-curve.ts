// A curve n -> P for one range size: loads chosen as the curve shows itself, from overload down to one loss in a million.
import { exponentialHoldDrop, fixedHoldDrop, type Load } from './offered-load.ts';
import type { CurveKind } from '../../src/core/alloc/capacity/capacity-curve.ts';
import { fillCurve } from './filling.ts';
import { floodedDrop } from './flooded.ts';

/** Flows (offered in one hold; for `accumulating`: held) and the drop probability with them, ascending in flows. */
export type Curve = readonly (readonly [flows: number, drop: number])[];

const MEASURES = {
  fixed: fixedHoldDrop,
  exponential: exponentialHoldDrop,
  flooded: floodedDrop,
} as const;

/** Ports that the runs of one point cover together; more ports, less noise. */
const PORTS_PER_POINT = { fixed: 60_000, exponential: 40_000, flooded: 15_000 } as const;
const OVERLOADS = [1.05, 1.15, 1.4, 2.1];
const DECADES_PER_STEP = 0.6;
const LOWEST = 7e-7;

export function measureCurve(kind: CurveKind, size: number): Curve {
  if (kind === 'accumulating') {
    return fillCurve(size, { fills: Math.max(6, Math.min(250, Math.ceil(500_000 / size))), seed: size });
  }
  const drop = meanDrop(MEASURES[kind], size, PORTS_PER_POINT[kind]);
  const above = OVERLOADS.map((share) => [share * size, drop(share * size, 0.5)] as const);
  return [...refine(descend(size, drop), drop), ...above];
}

/** Between two loads whose losses lie further apart than this, a third is simulated: the curve bends there. */
const WIDEST_GAP_DECADES = 0.7;

function refine(points: Curve, drop: (offered: number, effort: number) => number): Curve {
  return points.flatMap((point, index) => {
    const next = points[index + 1];
    if (next === undefined || Math.log10(next[1] / point[1]) <= WIDEST_GAP_DECADES) return [point];
    const middle = Math.sqrt(point[0] * next[0]);
    return [point, [middle, drop(middle, effort(point[1]))] as const];
  });
}

function descend(size: number, drop: (offered: number, effort: number) => number): Curve {
  const points: (readonly [number, number])[] = [];
  let [share, step] = [1, 0.02];
  while (share > 0.02) {
    const chance = drop(share * size, effort(points[0]?.[1]));
    const previous = points[0];
    points.unshift([share * size, chance]);
    if (chance < LOWEST) break;
    if (previous !== undefined) {
      const decades = Math.max(Math.log10(previous[1] / chance), 0.05);
      step = Math.min(
        Math.max((step * DECADES_PER_STEP) / decades, step / 2, 0.004),
        step * 2,
        chance > 1e-3 ? 0.045 : 0.1,
      );
    }
    share *= Math.exp(-step);
  }
  return points;
}

/** Rare misses vary more. */
function effort(previous = 1): number {
  return previous > 3e-3 ? 1 : previous > 1e-4 ? 2 : 3;
}

function meanDrop(measure: (load: Load) => number, size: number, ports: number) {
  return (offered: number, effort: number): number => {
    const runs = Math.max(1, Math.min(300, Math.ceil((ports * effort) / size)));
    let total = 0;
    for (let run = 0; run < runs; run += 1) {
      total += measure({ size, offered, seed: Math.imul(size, 2_654_435_761) + run * 40_503 + Math.round(offered) });
    }
    return total / runs;
  };
}
