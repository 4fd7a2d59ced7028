// The closed form against core/alloc's own, and against searches made one by one.
import { describe, expect, it } from 'vitest';
import { dropProbability } from '../../../src/core/alloc/drop-probability.ts';
import { eraBehaviour } from '../../../src/core/alloc/kernel-era.ts';
import { searchPort } from '../../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../../src/core/alloc/seeded-random.ts';
import { PortSet } from '../../../src/core/model/port-set.ts';
import { TCP, UDP } from '../../../src/core/model/protocol.ts';
import { sumPValue } from '../statistics/discrete-sum.ts';
import { searchLaw } from './search-law.ts';

const SEARCHES = 20_000;

/** Ports taken by searches themselves, so that they cluster. */
function crowded(size: number, share: number, seed: number): PortSet {
  const random = seededRandom(seed);
  const occupied = new PortSet();
  const range = { first: 65_536 - size, last: 65_535 };
  for (let held = 0; held < Math.floor(size * share); ) {
    const search = { occupied, evictable: new PortSet(), range, protocol: UDP, behaviour: eraBehaviour('5.0') };
    const { port } = searchPort(search, random);
    if (port !== undefined) {
      occupied.add(port);
      held += 1;
    }
  }
  return occupied;
}

describe('searchLaw', () => {
  it.each([
    [100, 0.9, UDP, '5.0'],
    [100, 1, TCP, '6.12'],
    [256, 0.98, UDP, '6.12'],
    [1000, 0.95, TCP, '6.12'],
    [1000, 0.99, TCP, '5.0'],
    [5000, 0.97, UDP, '6.12'],
    [50_000, 0.9, TCP, '6.12'],
  ] as const)('%d ports at %d, protocol %d, %s', (size, share, protocol, era) => {
    const range = { first: 65_536 - size, last: 65_535 };
    const behaviour = eraBehaviour(era);
    const occupied = crowded(size, share, size);
    const law = searchLaw(occupied, { range, protocol, counting: behaviour });
    const search = { occupied, evictable: new PortSet(), range, protocol, behaviour };
    expect(law.drop).toBeCloseTo(dropProbability(search), 12);
    expect(law.found.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
    const random = seededRandom(size + 1);
    let found = 0;
    for (let searched = 0; searched < SEARCHES; searched += 1) found += searchPort(search, random).found;
    expect(sumPValue([{ times: SEARCHES, law: law.found }], found)).toBeGreaterThan(1e-3);
  });
});
