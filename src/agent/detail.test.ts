// The guard: detail goes when the agent costs too much for a while, and comes back when it costs little for longer.
import { describe, expect, it } from 'vitest';
import { BudgetGuard, DETAILS } from './detail.ts';

function levels(guard: BudgetGuard, shares: readonly number[]): readonly number[] {
  return shares.map((share) => {
    guard.note(share);
    return guard.detail.level;
  });
}

describe('BudgetGuard', () => {
  it('does not mind one dear period', () => {
    expect(levels(new BudgetGuard(0.05), [0.5, 0.01, 0.5, 0.04, 0.5])).toEqual([0, 0, 0, 0, 0]);
  });

  it('gives up detail step by step, down to a floor', () => {
    const guard = new BudgetGuard(0.05);
    expect(
      levels(
        guard,
        Array.from({ length: 8 }, () => 0.2),
      ),
    ).toEqual([0, 1, 1, 2, 2, 3, 3, 3]);
    expect(guard.detail.topSpaces).toBeGreaterThan(0);
  });

  it('takes detail back only when it is well below for a while', () => {
    const guard = new BudgetGuard(0.05);
    levels(guard, [0.2, 0.2, 0.2, 0.2]);
    expect(
      levels(
        guard,
        Array.from({ length: 10 }, () => 0.04),
      ).at(-1),
    ).toBe(2);
    expect(
      levels(
        guard,
        Array.from({ length: 6 }, () => 0.01),
      ),
    ).toEqual([2, 2, 2, 2, 2, 1]);
    expect(
      levels(
        guard,
        Array.from({ length: 12 }, () => 0.01),
      ).at(-1),
    ).toBe(0);
  });

  it('never asks for less than SNATed flows', () => {
    for (const { resyncStretch, topSpaces, level } of DETAILS) {
      expect(resyncStretch).toBeGreaterThanOrEqual(1);
      expect(topSpaces).toBeGreaterThan(0);
      expect(DETAILS[level]?.level).toBe(level);
    }
  });
});
