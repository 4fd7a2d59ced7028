import { describe, expect, it } from 'vitest';
import { seededRandom } from '../core/alloc/seeded-random.ts';
import { holdSource } from './draw-hold.ts';
import type { Hold } from './sim-scenario.ts';

const DRAWS = 40_000;

function draw(hold: Hold): readonly number[] {
  const next = holdSource(hold, seededRandom(9));
  return Array.from({ length: DRAWS }, next).toSorted((left, right) => left - right);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

/** Seeded, so these either hold or do not; the margins are at least four standard errors. */
describe('holdSource', () => {
  it('draws an exponential by its mean', () => {
    const times = draw({ kind: 'exponential', meanSeconds: 30 });
    expect(times.reduce((sum, time) => sum + time, 0) / DRAWS).toBeCloseTo(30, -0.1);
    expect(quantile(times, 0.5)).toBeCloseTo(30 * Math.LN2, -0.1);
  });

  it('draws a lognormal by its median and 99th percentile', () => {
    const times = draw({ kind: 'lognormal', medianSeconds: 5, p99Seconds: 60 });
    expect(quantile(times, 0.5)).toBeGreaterThan(4.8);
    expect(quantile(times, 0.5)).toBeLessThan(5.2);
    expect(quantile(times, 0.99)).toBeGreaterThan(54);
    expect(quantile(times, 0.99)).toBeLessThan(66);
  });

  it('draws a uniform between its ends', () => {
    const times = draw({ kind: 'uniform', fromSeconds: 2, toSeconds: 4 });
    expect(times[0]).toBeGreaterThanOrEqual(2);
    expect(times.at(-1)).toBeLessThan(4);
    expect(quantile(times, 0.5)).toBeCloseTo(3, 1);
  });

  it('keeps what is fixed, and what never ends', () => {
    expect(quantile(draw({ kind: 'fixed', seconds: 7 }), 0.9)).toBe(7);
    expect(quantile(draw({ kind: 'forever' }), 0)).toBe(Number.POSITIVE_INFINITY);
  });
});
