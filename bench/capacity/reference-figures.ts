// Figures of an independent simulation of the same search (a C program, checked against Linux 6.18), to compare ours with.
import type { HoldPattern } from '../../src/core/alloc/capacity/port-pool.ts';

/** Start of the range, then the flows that fit at 1e-4, 1e-3 and 1e-2; all hold equally long. */
export const REFERENCE_CAPACITIES: readonly (readonly [first: number, ...flows: number[]])[] = [
  [1024, 55_830, 58_476, 61_878],
  [4790, 48_300, 53_461, 57_554],
  [8192, 39_883, 48_283, 53_827],
  [10_240, 36_352, 44_938, 51_256],
  [16_384, 31_305, 35_769, 43_833],
  [20_000, 30_336, 33_004, 39_408],
  [24_576, 29_568, 31_248, 35_208],
  [28_000, 29_075, 30_395, 33_144],
  [30_000, 28_984, 30_129, 32_211],
  [32_768, 28_646, 29_702, 31_334],
];

export interface ReferenceCurve {
  readonly pattern: HoldPattern;
  /** The range goes from here to 65535. */
  readonly first: number;
  /** Load as a share of the range, and the drop probability with it. */
  readonly points: readonly (readonly [share: number, drop: number])[];
}

export const REFERENCE_CURVES: readonly ReferenceCurve[] = [
  {
    pattern: 'fixed',
    first: 32_768,
    points: [
      [0.85, 8.5e-6],
      [0.9, 6.4e-4],
      [0.93, 4.7e-3],
      [0.95, 1.1e-2],
      [0.97, 2.0e-2],
      [1, 3.6e-2],
      [1.05, 7.0e-2],
      [1.1, 0.106],
      [1.2, 0.175],
      [1.5, 0.336],
    ],
  },
  {
    pattern: 'exponential',
    first: 32_768,
    points: [
      [0.9, 2.6e-5],
      [0.95, 1.5e-3],
      [0.98, 1.0e-2],
      [1, 2.3e-2],
      [1.05, 6.2e-2],
      [1.2, 0.174],
    ],
  },
  {
    pattern: 'fixed',
    first: 1024,
    points: [
      [0.85, 4.9e-5],
      [0.9, 7.6e-4],
      [0.95, 9.1e-3],
      [1, 3.2e-2],
    ],
  },
  {
    pattern: 'fixed',
    first: 30_000,
    points: [
      [0.85, 1.3e-3],
      [0.9, 1.0e-2],
      [0.95, 2.7e-2],
      [1, 5.0e-2],
    ],
  },
  {
    pattern: 'accumulating',
    first: 32_768,
    points: [
      [0.8, 1.3e-6],
      [0.85, 9e-5],
      [0.9, 2.7e-3],
      [0.92, 1e-2],
      [0.95, 5.4e-2],
      [0.97, 0.16],
      [0.98, 0.28],
      [0.99, 0.49],
      [0.995, 0.68],
    ],
  },
];
