import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTicks, timeTicks } from './plot-axis.ts';

describe('countTicks', () => {
  it.each([
    [0, 5, [0, 1]],
    [3, 3, [0, 1, 2, 3]],
    [1000, 3, [0, 500, 1000]],
    [32_768, 5, [0, 10_000, 20_000, 30_000, 40_000]],
  ])('%i in about %i', (most, wanted, ticks) => expect(countTicks(most, wanted)).toEqual(ticks));

  it('are whole, few, evenly spaced and reach the value', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.integer({ min: 2, max: 8 }), (most, wanted) => {
        const ticks = countTicks(most, wanted);
        const step = ticks[1] ?? 0;
        expect(ticks.every((tick, index) => Number.isInteger(tick) && tick === index * step)).toBe(true);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
        expect(ticks.length).toBeLessThanOrEqual(wanted + 1);
      }),
      { seed: 1 },
    );
  });
});

describe('timeTicks', () => {
  it.each([
    [600, [0, 120, 240, 360, 480, 600]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [2_592_000, [0, 432_000, 864_000, 1_296_000, 1_728_000, 2_160_000, 2_592_000]],
  ])('%d s', (end, ticks) => {
    expect(timeTicks(end, 8).map((tick) => Number(tick.toFixed(6)))).toEqual(ticks);
  });
});
