// A wall clock that is set forward and back while the steady one goes on.
import { describe, expect, it } from 'vitest';
import { ClockSteps } from './clock-steps.ts';

const WALL = 1_700_000_000_000;

describe('ClockSteps', () => {
  it('tells the steady time of a time of day across steps of the wall clock', () => {
    const steps = new ClockSteps();
    steps.note(0, WALL);
    steps.note(10_000, WALL + 10_300);
    expect(steps.count).toBe(0);
    steps.note(20_000, WALL + 3_620_000);
    expect(steps.count).toBe(1);
    expect(steps.steadyOf(WALL + 5000)).toBe(5000);
    expect(steps.steadyOf(WALL + 3_625_000)).toBe(25_000);
    expect(steps.wallOf(5000)).toBe(WALL + 5000);
    expect(steps.wallOf(25_000)).toBe(WALL + 3_625_000);
    // The clock never showed this time: it was put forward past it.
    expect(steps.steadyOf(WALL + 1_000_000)).toBe(20_000);
  });

  it('takes the latest of two moments that showed the same time', () => {
    const steps = new ClockSteps();
    steps.note(0, WALL);
    steps.note(60_000, WALL + 30_000);
    expect(steps.steadyOf(WALL + 40_000)).toBe(70_000);
    expect(steps.steadyOf(WALL + 10_000)).toBe(10_000);
  });

  it('forgets old steps, not the present one', () => {
    const steps = new ClockSteps();
    for (let step = 0; step < 1000; step += 1) steps.note(step * 1000, WALL + step * 5000);
    expect(steps.wallOf(999_000)).toBe(WALL + 999 * 5000);
  });
});
