// What is surveyed: the sizes, fills and ranges, and how often, for a test run and for `npm run prove`.
import { TCP, UDP } from '../../../src/core/model/protocol.ts';
import type { FillMode } from './failure-curve.ts';
import type { SurveyedCurve, SurveyPlan } from './survey-job.ts';

export const SHARES = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1];

interface SizePlan {
  readonly size: number;
  readonly fillRuns: number;
  readonly steadyRuns: number;
  readonly turnovers: number;
}

/**
 * More runs where one says less: the ports of a small range lie differently each time. Six of six runs beyond all of forty is a
 * matter of 10^-7, so fewer runs could not convict.
 */
const TEST_SIZES: readonly SizePlan[] = [
  { size: 256, fillRuns: 12, steadyRuns: 8, turnovers: 3 },
  { size: 1000, fillRuns: 10, steadyRuns: 6, turnovers: 2 },
  { size: 4096, fillRuns: 8, steadyRuns: 6, turnovers: 0.5 },
  { size: 32_768, fillRuns: 6, steadyRuns: 6, turnovers: 0.03 },
];

const PROVE_SIZES: readonly SizePlan[] = [
  { size: 256, fillRuns: 60, steadyRuns: 30, turnovers: 6 },
  { size: 1000, fillRuns: 40, steadyRuns: 20, turnovers: 6 },
  { size: 4096, fillRuns: 20, steadyRuns: 10, turnovers: 4 },
  { size: 32_768, fillRuns: 8, steadyRuns: 6, turnovers: 1 },
];

/** Ranges of the modulo-bias rows; 32768-65535 divides 65,536 and has no bias. */
const BIASED = [30_000, 16_384, 10_240, 4790, 1024, 32_768].map((first) => ({ first, last: 65_535 }));

/** The middle of the steady curve in ranges whose size does not divide 65,536: what the bias costs. */
const BIASED_CURVES: readonly SurveyedCurve[] = [30_000, 1024].map((first) => ({
  range: { first, last: 65_535 },
  protocol: UDP,
  mode: 'steady',
  shares: [0.9, 0.95, 0.98],
  turnovers: 0.3,
  attempts: 150,
  runs: 6,
}));

export interface PlanSize {
  readonly sizes: readonly SizePlan[];
  readonly biasedCurves: readonly SurveyedCurve[];
  /** Searches at each share of each run. */
  readonly attempts: number;
  readonly evictionAttempts: number;
  readonly shareFlows: number;
}

export const TEST_SIZE: PlanSize = {
  sizes: TEST_SIZES,
  biasedCurves: [],
  attempts: 100,
  evictionAttempts: 1500,
  shareFlows: 6000,
};
export const PROVE_SIZE: PlanSize = {
  sizes: PROVE_SIZES,
  biasedCurves: BIASED_CURVES,
  attempts: 300,
  evictionAttempts: 6000,
  shareFlows: 20_000,
};

/** The curves of UDP in every size, one of TCP, the evictions and the ranges. */
export function surveyPlan({ sizes, biasedCurves, attempts, evictionAttempts, shareFlows }: PlanSize): SurveyPlan {
  const curve = (
    mode: FillMode,
    protocol: number,
    { size, fillRuns, steadyRuns, turnovers }: SizePlan,
  ): SurveyedCurve => ({
    range: { first: 65_536 - size, last: 65_535 },
    protocol,
    mode,
    shares: SHARES,
    turnovers: mode === 'fill' ? 0 : turnovers,
    attempts,
    runs: mode === 'fill' ? fillRuns : steadyRuns,
  });
  return {
    curves: [
      ...sizes.map((size) => curve('fill', UDP, size)),
      ...sizes.map((size) => curve('steady', UDP, size)),
      ...sizes.filter(({ size }) => size === 4096).map((size) => curve('steady', TCP, size)),
      ...biasedCurves,
    ],
    evictions: [0.9, 0.95, 0.98, 0.99, 1].map((live) => ({
      range: { first: 61_440, last: 65_535 },
      live,
      attempts: evictionAttempts,
    })),
    shares: BIASED.map((range) => ({ range, flows: shareFlows })),
  };
}
