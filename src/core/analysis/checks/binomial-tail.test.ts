import { describe, expect, it } from 'vitest';
import { binomialTail } from './binomial-tail.ts';

describe('binomialTail', () => {
  it.each([
    [3, 3, 0.5, 0.125],
    [3, 2, 0.5, 0.5],
    [10, 3, 0.1, 0.070_190_826],
    [5, 0, 0.2, 1],
    [1000, 1000, 0.01, 0],
  ])('of %d tries with at least %d hits at %d is %d', (tries, hits, chance, expected) => {
    expect(binomialTail({ tries, hits, chance })).toBeCloseTo(expected, 8);
  });
});
