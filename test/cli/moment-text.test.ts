// A moment is printed as a scenario file would write it, so that it can be typed again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationSeconds } from '../../src/cli/scenario-file/value-forms.ts';
import { momentText } from '../../src/present/simulation/sim-words.ts';

describe('momentText', () => {
  it.each([
    [0, '0s'],
    [0.5, '0.5s'],
    [59.9, '60s'],
    [90, '1m30s'],
    [600, '10m'],
    [3599.7, '1h'],
    [5400, '1h30m'],
    [93_784, '1d2h'],
  ])('%d s is %s', (seconds, text) => expect(momentText(seconds)).toBe(text));

  it('can be typed again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_399 }), (seconds) => {
        const isExact = seconds < 3600 || seconds % 60 === 0;
        const again = durationSeconds(momentText(seconds)) ?? Number.NaN;
        expect(Math.abs(again - seconds)).toBeLessThan(isExact ? 1e-9 : 60);
      }),
      { seed: 1 },
    );
  });
});
