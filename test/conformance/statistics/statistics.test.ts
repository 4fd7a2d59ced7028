// The tests that judge everything else, against known values and against chance itself.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/alloc/seeded-random.ts';
import { sharesPValue } from './chi-square-test.ts';
import { failuresPValue, sumPValue } from './discrete-sum.ts';
import { chiSquareTail, normalTail } from './normal-tail.ts';
import { samplesPValue } from './two-samples.ts';

describe('tails', () => {
  // Tables of the normal and the chi-square distribution.
  it.each([
    [0, 0.5],
    [1.959964, 0.025],
    [-1.644854, 0.95],
    [5, 2.866516e-7],
    [7, 1.279813e-12],
  ])('normal beyond %d', (z, tail) => expect(normalTail(z) / tail).toBeCloseTo(1, 4));

  it.each([
    [3.841459, 1, 0.05],
    [37.566235, 20, 0.01],
    [124.342113, 100, 0.05],
    [61.0983, 31, 0.001],
  ])('chi-square beyond %d of %d', (x, freedom, tail) => expect(chiSquareTail(x, freedom) / tail).toBeCloseTo(1, 3));
});

describe('failuresPValue', () => {
  it('is twice the exact binomial tail', () => {
    // 2 of 10 at 1/2: (1 + 10 + 45) / 1024, doubled.
    expect(failuresPValue([{ times: 10, chance: 0.5 }], 2)).toBeCloseTo(112 / 1024, 12);
    expect(
      failuresPValue(
        [
          { times: 3, chance: 0.5 },
          { times: 7, chance: 0.5 },
        ],
        2,
      ),
    ).toBeCloseTo(112 / 1024, 12);
  });

  it('refuses what cannot be', () => {
    expect(failuresPValue([{ times: 10, chance: 0 }], 1)).toBe(0);
    expect(failuresPValue([{ times: 10, chance: 1 }], 10)).toBe(1);
    expect(failuresPValue([{ times: 10, chance: 1 }], 9)).toBe(0);
  });
});

describe('sumPValue', () => {
  /** 20 throws of a die numbered 0 to 5: exact by convolution here, by saddlepoint there. */
  const die = new Float64Array(6).fill(1 / 6);
  let exact = Float64Array.of(1);
  for (let times = 0; times < 20; times += 1) {
    const next = new Float64Array(exact.length + 5);
    exact.forEach((mass, at) =>
      die.forEach((share, face) => (next[at + face] = (next[at + face] ?? 0) + mass * share)),
    );
    exact = next;
  }

  it.each([20, 25, 32, 40, 60, 70, 78, 85])('agrees with the exact distribution of 20 dice at %d', (sum) => {
    const below = exact.subarray(0, sum).reduce((total, mass) => total + mass, 0);
    const middle = exact[sum] ?? 0;
    const tail = sum < 50 ? below + middle / 2 : 1 - below - middle / 2;
    const ratio =
      sumPValue(
        [
          { times: 12, law: die },
          { times: 8, law: die },
        ],
        sum,
      ) /
      (2 * tail);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  it('knows sums that are certain and sums that cannot be', () => {
    expect(sumPValue([{ times: 5, law: Float64Array.of(0, 1) }], 5)).toBe(1);
    expect(sumPValue([{ times: 5, law: Float64Array.of(0, 1) }], 4)).toBe(0);
    expect(sumPValue([{ times: 5, law: die }], 26)).toBe(0);
  });
});

describe('sharesPValue', () => {
  it('is one where counts are as expected, and small where they are not', () => {
    expect(sharesPValue([250, 750], [0.25, 0.75])).toBe(1);
    expect(sharesPValue([300, 700], [0.25, 0.75])).toBeCloseTo(2.607e-4, 6);
    expect(sharesPValue([1, 99], [0, 1])).toBe(0);
  });
});

describe('samplesPValue', () => {
  const random = seededRandom(3);
  const options = { random, rearrangements: 20_000 };

  it('finds a shift and no other difference', () => {
    const left = Array.from({ length: 12 }, () => random());
    const right = Array.from({ length: 60 }, () => random());
    expect(samplesPValue({ left, right }, options)).toBeGreaterThan(0.01);
    expect(samplesPValue({ left: left.map((value) => value + 1), right }, options)).toBeLessThan(1e-4);
    expect(samplesPValue({ left: [0, 0, 0], right: [0, 0, 0, 0] }, options)).toBe(1);
  });

  it('is below 5 % in about 5 % of the cases in which there is nothing to find', () => {
    let below = 0;
    for (let trial = 0; trial < 400; trial += 1) {
      const left = Array.from({ length: 8 }, () => random() ** 3);
      const right = Array.from({ length: 24 }, () => random() ** 3);
      if (samplesPValue({ left, right }, { random, rearrangements: 2000 }) < 0.05) below += 1;
    }
    expect(below).toBeGreaterThan(8);
    expect(below).toBeLessThan(34);
  });
});
