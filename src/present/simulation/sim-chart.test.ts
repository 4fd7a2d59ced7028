import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartRow } from './sim-chart.ts';
import { UNICODE_SYMBOLS } from '../symbols.ts';

const { bars } = UNICODE_SYMBOLS;

describe('chartRow', () => {
  it('shows nothing as empty, anything as something, and only full as full', () => {
    expect(chartRow([0, 1, 50, 99, 100, 200], { width: 60, full: 100, bars })).toBe(' ▁▄▇██');
  });

  it('shows the highest of the samples that share a column', () => {
    expect(chartRow([0, 100, 0, 0], { width: 2, full: 100, bars })).toBe('█ ');
  });

  it('loses no peak, whatever the width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 80 }),
        (values, width) => {
          const row = chartRow(values, { width, full: 100, bars });
          expect(row).toHaveLength(Math.min(width, values.length));
          expect(row.includes('█')).toBe(values.includes(100));
          expect(row.trim() === '').toBe(values.every((value) => value === 0));
        },
      ),
      { seed: 1 },
    );
  });

  it('says nothing of nothing', () => expect(chartRow([], { width: 10, full: 1, bars })).toBe(''));
});
