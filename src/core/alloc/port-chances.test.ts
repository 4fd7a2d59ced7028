import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortRange } from '../model/port-range.ts';
import { PortSet } from '../model/port-set.ts';
import { UDP } from '../model/protocol.ts';
import { confirmRaceProbability, confirmRacesPerSecond } from './confirm-race.ts';
import { dropProbability } from './drop-probability.ts';
import { eraBehaviour, type KernelEra } from './kernel-era.ts';
import { portChances } from './port-chances.ts';
import { createPortFinder } from './port-finder.ts';
import { seededRandom } from './seeded-random.ts';

const OLD = eraBehaviour('5.0');
const CALICO: PortRange = { first: 32_768, last: 65_535 };

function occupyRandomly(range: PortRange, { share, seed }: { share: number; seed: number }): PortSet {
  const random = seededRandom(seed);
  const occupied = new PortSet();
  for (let port = range.first; port <= range.last; port += 1) if (random() < share) occupied.add(port);
  return occupied;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

describe('portChances', () => {
  it.each([
    [16_384, 32_768, 0.5],
    [30_000, 60_000, 60_000 / 65_536],
    [32_768, 49_152, 0.5],
    [1024, 2048, 2048 / 65_536],
    [49_152, 57_344, 0.5],
  ])('favour the low part of %d-65535: below %d lies a share of %d', (first, below, share) => {
    const chances = portChances({ occupied: new PortSet(), range: { first, last: 65_535 }, behaviour: OLD });
    expect(sum(chances.subarray(0, below - first))).toBeCloseTo(share, 12);
    expect(sum(chances)).toBeCloseTo(1, 12);
  });

  it('are the formula of the reference for the biased ranges: .9155 of 30000-65535 below 60000', () => {
    const range = { first: 30_000, last: 65_535 };
    const chances = portChances({ occupied: new PortSet(), range, behaviour: OLD });
    expect(sum(chances.subarray(0, 30_000))).toBeCloseTo(0.9155, 4);
    expect(chances[0]).toBeCloseTo(2 / 65_536, 12);
    expect(chances[35_535]).toBeCloseTo(1 / 65_536, 12);
  });

  it('add up to what is not dropped, whatever the range, the occupancy and the search', () => {
    const shapes = fc.record({
      first: fc.integer({ min: 0, max: 60_000 }),
      size: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 200, max: 5000 })),
      share: fc.constantFrom(0, 0.5, 0.9, 0.99, 1),
      era: fc.constantFrom<KernelEra>('4.x', '5.0'),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(shapes, ({ first, size, share, era, seed }) => {
        const range = { first, last: first + size - 1 };
        const occupied = occupyRandomly(range, { share, seed });
        const search = { occupied, range, behaviour: eraBehaviour(era) };
        const drop = dropProbability({ ...search, evictable: new PortSet(), protocol: UDP });
        const chances = portChances(search);
        expect(sum(chances) + drop).toBeCloseTo(1, 9);
        for (let port = 0; port < size; port += 1) if (occupied.has(first + port)) expect(chances[port]).toBe(0);
      }),
      { seed: 107, numRuns: 60 },
    );
  });

  it.each(['4.x', '5.0'] as const)('are what the finder does: %s', (era) => {
    const range = { first: 40_000, last: 40_299 };
    const occupied = occupyRandomly(range, { share: 0.97, seed: 3 });
    const search = { occupied, range, behaviour: eraBehaviour(era) };
    const finder = createPortFinder(search.behaviour, seededRandom(11));
    const counts = new Float64Array(301);
    for (let run = 0; run < 40_000; run += 1) {
      const index = finder.find(occupied, new PortSet(), range, UDP) - range.first;
      counts[index < 0 ? 300 : index] = (counts[index < 0 ? 300 : index] ?? 0) + 1;
    }
    const chances = portChances(search);
    const expected = [...chances, 1 - sum(chances)].map((chance) => chance * 40_000);
    // Chi-square; cells that cannot happen must be empty. Its mean is the degrees of freedom, its variance twice that: five sigma.
    const cells = expected.flatMap((wanted, index) => (wanted > 1e-6 ? [[wanted, counts[index] ?? 0] as const] : []));
    expect(sum(cells.map(([, count]) => count))).toBe(40_000);
    const freedom = cells.length - 1;
    const chiSquare = sum(cells.map(([wanted, count]) => (count - wanted) ** 2 / wanted));
    expect(freedom).toBeGreaterThan(3);
    expect(chiSquare).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 12);
  });
});

describe('confirmRaceProbability', () => {
  it('is 1 / R in an empty range, and more in a biased one', () => {
    expect(confirmRaceProbability({ occupied: new PortSet(), range: CALICO, behaviour: OLD })).toBeCloseTo(
      1 / 32_768,
      12,
    );
    const biased = { occupied: new PortSet(), range: { first: 30_000, last: 65_535 }, behaviour: OLD };
    const [double, single] = [(2 / 65_536) ** 2 * 30_000, (1 / 65_536) ** 2 * 5536];
    expect(confirmRaceProbability(biased)).toBeCloseTo(double + single, 12);
  });

  it('is the sum of ((1 + L) / R)^2 while runs are short and starts even', () => {
    const range = { first: 32_768, last: 33_791 };
    const occupied = occupyRandomly(range, { share: 0.8, seed: 5 });
    let [expected, run] = [0, 0];
    for (let step = 0; step < 2048; step += 1) {
      const isOccupied = occupied.has(range.first + (step % 1024));
      if (!isOccupied && step >= 1024) expected += ((1 + run) / 1024) ** 2;
      run = isOccupied ? run + 1 : 0;
      expect(run).toBeLessThan(128);
    }
    expect(confirmRaceProbability({ occupied, range, behaviour: OLD })).toBeCloseTo(expected, 12);
  });

  it('is 1 when one port is left, as long as it is found', () => {
    const range = { first: 40_000, last: 40_063 };
    const occupied = occupyRandomly(range, { share: 1, seed: 1 });
    occupied.delete(40_010);
    expect(confirmRaceProbability({ occupied, range, behaviour: OLD })).toBe(1);
  });

  it('makes races negligible: 5,000 flows a second to one remote, 2 microseconds, 32,768 free ports', () => {
    const probability = confirmRaceProbability({ occupied: new PortSet(), range: CALICO, behaviour: OLD });
    const races = confirmRacesPerSecond({ flowsPerSecond: 5000, windowSeconds: 2e-6, probability });
    expect(races).toBeCloseTo(0.0015, 4);
  });
});
