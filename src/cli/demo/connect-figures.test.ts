import { describe, expect, it } from 'vitest';
import { connectFigures, formatConnects } from './connect-figures.ts';

describe('connect figures', () => {
  it('count what was at once, late and lost', () => {
    const report = { tried: 5, opened: 4, outcomes: { opened: 4, timeout: 1 }, latenciesMs: [0.8, 3, 1004.2, 2011] };
    expect(connectFigures(report)).toEqual({ tried: 5, atOnce: 2, late: 2, lost: 1, slowestMilliseconds: 2011 });
  });

  it.each([
    [{ atOnce: 60, late: 0, lost: 0, slowestMilliseconds: 5.72 }, 'slowest 5.7 ms'],
    [{ atOnce: 60, late: 0, lost: 0, slowestMilliseconds: 0 }, 'slowest 0 s'],
    [{ atOnce: 40, late: 19, lost: 1, slowestMilliseconds: 2000 }, 'slowest 2.0 s'],
    [{ atOnce: 0, late: 0, lost: 60, slowestMilliseconds: 0 }, 'none opened'],
  ])('%j: %s', (figures, wanted) => {
    expect(formatConnects({ tried: 60, ...figures })).toContain(wanted);
  });
});
