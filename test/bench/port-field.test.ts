// The generator of the capacity table has a search of its own, for speed: it must be the same search.
import { describe, expect, it } from 'vitest';
import { PortField } from '../../bench/capacity/port-field.ts';
import { rising } from '../../bench/capacity/monotone.ts';
import { flowsAt } from '../../bench/capacity/curve-inverse.ts';
import { searchPort } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { windowSearchDrop } from '../../src/core/alloc/window-search.ts';
import { PortSet } from '../../src/core/model/port-set.ts';
import { UDP } from '../../src/core/model/protocol.ts';

describe.each([1, 97, 129, 300, 1000, 20_011, 32_768, 35_536, 65_535])('a field of %d ports', (size) => {
  const range = { first: 65_536 - size, last: 65_535 };
  const behaviour = { search: 'windows', evictsClosing: 'no' } as const;

  it('finds the ports that the search finds candidate by candidate, and knows the same drop probability', () => {
    const occupied = new PortSet();
    const field = new PortField(size, seededRandom(7));
    const random = seededRandom(7);
    for (let flow = 0; flow < size * 1.2; flow += 1) {
      const { port } = searchPort({ occupied, evictable: new PortSet(), range, protocol: UDP, behaviour }, random);
      const offset = field.find();
      expect(offset).toBe(port === undefined ? -1 : port - range.first);
      if (port === undefined) continue;
      occupied.add(port);
      field.add(offset);
      if (flow % Math.ceil(size / 12) === 0) expect(field.drop()).toBeCloseTo(windowSearchDrop(occupied, range), 12);
    }
    expect(field.drop() / windowSearchDrop(occupied, range)).toBeCloseTo(1, 9);
    field.delete(0);
    occupied.delete(range.first);
    expect(field.has(0)).toBe(false);
    expect(field.drop()).toBeCloseTo(windowSearchDrop(occupied, range), 12);
  });
});

describe('reading a curve', () => {
  it('pools what falls', () => {
    expect(rising([1, 3, 2, 4])).toEqual([1, 2.5, 2.5, 4]);
    expect(rising([3, 2, 1])).toEqual([2, 2, 2]);
  });

  it('is linear in the logarithm, and in 1/(1-P) under overload', () => {
    const curve = [
      [100, 1e-4],
      [200, 1e-2],
      [300, 0.5],
    ] as const;
    const [rare, overload] = flowsAt(curve, [1e-3, 0.2], 'overload');
    expect(rare).toBeCloseTo(150, 6);
    expect(overload).toBeCloseTo(200 + (100 * (1.25 - 1 / 0.99)) / (2 - 1 / 0.99), 6);
  });
});
