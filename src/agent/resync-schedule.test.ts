// When the next resync is due.
import { describe, expect, it } from 'vitest';
import { type ResyncNeed, resyncAfterSeconds } from './resync-schedule.ts';

const quiet: ResyncNeed = { lastCpuSeconds: 0.1, lossesInARow: 0, isCurrent: true, overdueShare: 0, stretch: 1 };
const after = (need: Partial<ResyncNeed>): number => resyncAfterSeconds({ ...quiet, ...need });

describe('resyncAfterSeconds', () => {
  it('lets resyncs take one CPU in two hundred, within bounds', () => {
    expect(after({ lastCpuSeconds: 0.01 })).toBe(15);
    expect(after({ lastCpuSeconds: 0.5 })).toBe(100);
    expect(after({ lastCpuSeconds: 10 })).toBe(300);
  });

  it('comes at once after a loss, and not ever faster while losses go on', () => {
    expect([0, 1, 2, 3, 10].map((lossesInARow) => after({ isCurrent: false, lossesInARow }))).toEqual([1, 2, 4, 8, 20]);
    expect(after({ isCurrent: false, lossesInARow: 20, lastCpuSeconds: 1 })).toBe(30);
  });

  it('comes sooner when flows may have ended unheard', () => {
    expect(after({ lastCpuSeconds: 0.5, overdueShare: 0.02 })).toBe(25);
    expect(after({ lastCpuSeconds: 0.1, overdueShare: 0.02 })).toBe(15);
    expect(after({ lastCpuSeconds: 0.5, overdueShare: 0.001 })).toBe(100);
  });

  it('is stretched when the agent is too dear', () => {
    expect(after({ lastCpuSeconds: 0.1, stretch: 4 })).toBe(80);
  });
});
