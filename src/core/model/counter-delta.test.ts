import { describe, expect, it } from 'vitest';
import { counterDelta } from './counter-delta.ts';
import type { ConntrackCounters } from './counters.ts';

const ZERO: ConntrackCounters = { found: 0, invalid: 0, insertFailed: 0, drop: 0, earlyDrop: 0, clashResolve: 0 };

describe('counterDelta', () => {
  it('subtracts each counter and keeps the seconds', () => {
    const before = { ...ZERO, found: 10, drop: 4, chainTooLong: 1 };
    const after = { ...ZERO, found: 110, drop: 5, insertFailed: 2, chainTooLong: 1 };
    expect(counterDelta(before, after, 2)).toEqual({
      ...ZERO,
      found: 100,
      drop: 1,
      insertFailed: 2,
      chainTooLong: 0,
      seconds: 2,
    });
  });

  it('is right when one CPU wrapped: 2^32 is lost from the sum', () => {
    // Two CPUs at 2^32 - 3 and 7; the first counts five more.
    const before = { ...ZERO, found: 2 ** 32 - 3 + 7 };
    const after = { ...ZERO, found: 2 + 7 };
    expect(counterDelta(before, after, 1).found).toBe(5);
  });

  it('is right for sums above 2^32', () => {
    const before = { ...ZERO, found: 3 * 2 ** 32 - 1 };
    const after = { ...ZERO, found: 3 * 2 ** 32 + 4 };
    expect(counterDelta(before, after, 1).found).toBe(5);
  });

  it('knows no chainTooLong when one reading lacks it', () => {
    expect(counterDelta(ZERO, { ...ZERO, chainTooLong: 3 }, 1)).not.toHaveProperty('chainTooLong');
  });
});
