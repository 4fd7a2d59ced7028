// When events are read: often enough for the queue, rarely enough for the CPU.
import { describe, expect, it } from 'vitest';
import { FIRST_DRAIN_MILLISECONDS, drainAfterMilliseconds } from './drain-pace.ts';

/** What it settles at when so many come a second. */
function settled(perSecond: number): number {
  let wait = FIRST_DRAIN_MILLISECONDS;
  for (let drain = 0; drain < 10; drain += 1)
    wait = drainAfterMilliseconds({ events: Math.round((perSecond * wait) / 1000), waitedMilliseconds: wait });
  return wait;
}

describe('the pace of drains', () => {
  it.each([
    [0, 250],
    [2000, 100],
    [10_000, 100],
    [20_000, 50],
    [40_000, 25],
    [100_000, 20],
    [1_000_000, 20],
  ])('at %d events a second is %d ms', (perSecond, milliseconds) => {
    expect(settled(perSecond)).toBeCloseTo(milliseconds, 0);
  });

  it('follows a storm within one drain', () => {
    for (const waitedMilliseconds of [100, 250])
      expect(drainAfterMilliseconds({ events: 20_000, waitedMilliseconds })).toBe(20);
  });

  it('waits for a quarter of a second only after two drains without events', () => {
    const [first, second] = [20, 100].map((waitedMilliseconds) =>
      drainAfterMilliseconds({ events: 0, waitedMilliseconds }),
    );
    expect([first, second]).toEqual([100, 200]);
    expect(drainAfterMilliseconds({ events: 1, waitedMilliseconds: 250 })).toBe(100);
  });
});
