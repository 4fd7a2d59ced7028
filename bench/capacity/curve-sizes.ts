// The range sizes that are simulated. Between 65,536/(k+1) and 65,536/k ports the first starts are drawn k+1 times, the others k
// times; f is the share of the first ones. The curve bends most where f is small, and the less the larger k is.
import type { CurveKind } from '../../src/core/alloc/capacity/capacity-curve.ts';

const STARTS = 65_536;

/** Values of f for each k. */
const SHARES: readonly (readonly [k: number, shares: readonly number[]])[] = [
  [1, [0, 0.0159, 0.035, 0.0788, 0.1429, 0.1852, 0.25, 0.3333, 0.4392, 0.52, 0.6, 0.746, 0.8442]],
  [2, [0, 0.03, 0.08, 0.16, 0.28, 0.45, 0.7]],
  [3, [0, 0.05, 0.15, 0.35, 0.65]],
  [4, [0, 0.05, 0.15, 0.35, 0.65]],
  [5, [0, 0.07, 0.25, 0.6]],
  [6, [0, 0.1, 0.3, 0.65]],
  [7, [0, 0.1, 0.4]],
  [8, [0, 0.2, 0.6]],
  [9, [0, 0.35]],
  [10, [0, 0.35]],
  [12, [0, 0.35]],
  [14, [0, 0.35]],
  [16, [0]],
];

const SMALL = [129, 140, 160, 200, 256, 360, 512, 750, 1000, 1500, 2000, 2900];

/** With take-over the figures are bounds, so fewer sizes do; below 129 ports only they are tabled. */
const FLOODED = [
  1, 4, 8, 16, 32, 64, 96, 128, 129, 200, 360, 1000, 4096, 5461, 7282, 8856, 10_923, 13_107, 15_792, 16_384, 19_563,
  21_845, 26_749, 30_341, 32_284, 32_768, 35_536, 40_960, 45_536, 49_153, 52_429, 57_342, 60_749, 63_320, 64_510,
  65_535,
];

/** A range that only fills has a knee where its favoured part is full, which moves with the size; fills are quick. */
const FILLING: readonly (readonly [from: number, to: number, step: number])[] = [
  [17_300, 21_800, 500],
  [23_500, 32_700, 600],
  [44_000, 65_400, 400],
];

/** Ascending. */
export function curveSizes(kind: CurveKind): readonly number[] {
  if (kind === 'flooded') return FLOODED;
  const large = SHARES.flatMap(([k, shares]) =>
    shares.map((share) => Math.min(65_535, Math.round(STARTS / (k + share)))),
  );
  const more = kind === 'accumulating' ? FILLING.flatMap(stepped) : [];
  return [...new Set([...SMALL, ...large, ...more])].sort((left, right) => left - right);
}

function stepped([from, to, step]: readonly [number, number, number]): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}
