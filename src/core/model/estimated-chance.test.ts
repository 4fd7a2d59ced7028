import { describe, expect, it } from 'vitest';
import { estimatedChance } from './estimated-chance.ts';

describe('estimatedChance', () => {
  it.each([
    [0, '0'],
    [2e-22, 'less than 1 in 10^6'],
    [7.5e-9, 'less than 1 in 10^6'],
    [9.9e-7, 'less than 1 in 10^6'],
    [1e-6, '1 in 1 million'],
    [1.07e-6, '1 in 900,000'],
    [2.4e-5, '1 in 40,000'],
    [9.9e-5, '1 in 10,000'],
    [1.1e-4, '1 in 9,100'],
    [1 / 1120, '1 in 1,100'],
    [0.001, '1 in 1,000'],
    [1 / 129, '1 in 130'],
    [0.0455, '1 in 22'],
    [0.25, '1 in 4'],
    [0.5, '5 in 10'],
    [0.97, '97 in 100'],
    [1, 'certain'],
    [Number.NaN, 'not known'],
  ])('%d is %s', (probability, text) => {
    expect(estimatedChance(probability)).toBe(text);
  });
});
