import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutColumns } from './column-layout.ts';
import { formatSeconds } from './duration-text.ts';
import { formatCount, formatInteger, formatNumber, formatRate } from './number-text.ts';
import { oneInN } from './one-in-n.ts';
import { formatShare } from './share-text.ts';
import { wrapSegments, wrapText } from './wrap-text.ts';

describe('oneInN', () => {
  it.each([
    [0, '0'],
    [-1, '0'],
    [1e-12, 'less than 1 in 10^9'],
    [1e-9, '1 in 10^9'],
    [5.5e-6, '1 in 182,000'],
    [1.2e-7, '1 in 8.33 million'],
    [0.001, '1 in 1,000'],
    [0.0455, '1 in 22'],
    [0.25, '1 in 4'],
    [0.5, '5 in 10'],
    [0.94, '9 in 10'],
    [0.97, '97 in 100'],
    [0.9999, 'more than 99 in 100'],
    [1, 'certain'],
    [Number.NaN, 'not known'],
  ])('%d is %s', (probability, text) => {
    expect(oneInN(probability)).toBe(text);
  });

  it('says 0 and certain only when they are exact', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1 - Number.EPSILON, noNaN: true }), (probability) => {
        expect(['0', 'certain', '1 in 1']).not.toContain(oneInN(probability));
      }),
      { seed: 1 },
    );
  });
});

describe('formatShare', () => {
  it.each([
    [0, '0 %'],
    [0.0001, '<1 %'],
    [0.058, '6 %'],
    [0.999, '>99 %'],
    [1, '100 %'],
  ])('%d is %s', (share, text) => expect(formatShare(share)).toBe(text));
});

describe('formatSeconds', () => {
  it.each([
    [0, '0 s'],
    [0.04, '<0.1 s'],
    [0.4, '0.4 s'],
    [3, '3 s'],
    [118, '118 s'],
    [120, '2 min'],
    [240, '4 min'],
    [7200, '2 h'],
    [432_000, '5 d'],
  ])('%d is %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('formatInteger %d', (value, text) => expect(formatInteger(value)).toBe(text));

  it.each([
    [0.01, '<0.1'],
    [1.2, '1.2'],
    [24.8, '24.8'],
    [3, '3'],
    [99.96, '100'],
    [268.4, '268'],
  ])('formatNumber %d', (value, text) => expect(formatNumber(value)).toBe(text));

  it('rates and counts', () => {
    expect([formatRate(247), formatCount(1, 'rule'), formatCount(2, 'rule')]).toEqual(['247/s', '1 rule', '2 rules']);
  });
});

describe('layout', () => {
  it('lines columns up, numbers to the right, no trailing space', () => {
    expect(
      layoutColumns(
        [
          ['A', 'N'],
          ['long', '1'],
          ['b', '100'],
        ],
        { right: [1] },
      ),
    ).toEqual(['A       N', 'long    1', 'b     100']);
  });

  it('wrapText keeps every word, in order, within the width', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 40 }),
        fc.integer({ min: 24, max: 100 }),
        (words, width) => {
          const lines = wrapText(words.join(' '), { width, first: 'who: ', indent: 5 });
          expect(
            lines
              .join(' ')
              .split(' ')
              .filter((word) => word !== ''),
          ).toEqual(['who:', ...words]);
          expect(lines.every((line) => line.length <= width)).toBe(true);
        },
      ),
      { seed: 2 },
    );
  });

  it('wrapSegments never breaks a segment', () => {
    expect(wrapSegments(['tcp a b', '', 'three of four'], { width: 16, first: 'x ' })).toEqual([
      'x tcp a b',
      '  three of four',
    ]);
  });
});
