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
    [0, 100],
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
    const events = 20_000;
    expect(drainAfterMilliseconds({ events, waitedMilliseconds: 100 })).toBe(20);
  });
});
