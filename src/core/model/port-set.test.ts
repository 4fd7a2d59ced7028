import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortSet } from './port-set.ts';

const port = fc.integer({ min: 0, max: 65_535 });

describe('PortSet', () => {
  it('holds what a Set of numbers holds', () => {
    fc.assert(
      fc.property(fc.array(port), fc.array(port), port, port, (added, removed, one, other) => {
        const range = { first: Math.min(one, other), last: Math.max(one, other) };
        const set = new PortSet();
        const model = new Set<number>();
        for (const value of added) {
          set.add(value);
          model.add(value);
        }
        for (const value of removed) {
          set.delete(value);
          model.delete(value);
        }
        expect([...set]).toEqual([...model].sort((left, right) => left - right));
        expect(set.count()).toBe(model.size);
        expect(set.count(range)).toBe([...model].filter((value) => value >= range.first && value <= range.last).length);
        expect(set.has(one)).toBe(model.has(one));
      }),
      { seed: 2 },
    );
  });

  it('counts each stretch of any size as it counts a range', () => {
    fc.assert(
      fc.property(fc.array(port), fc.integer({ min: 0, max: 16 }), port, (ports, power, anywhere) => {
        const set = new PortSet();
        for (const value of ports) set.add(value);
        const size = 2 ** power;
        const counts = set.countEach(size);
        expect(counts).toHaveLength(65_536 / size);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(set.count());
        const stretch = Math.floor((ports[0] ?? anywhere) / size);
        expect(counts[stretch]).toBe(set.count({ first: stretch * size, last: (stretch + 1) * size - 1 }));
      }),
      { seed: 3 },
    );
    expect([...new PortSet(new Uint32Array(2048).fill(0xffffffff)).countEach(64)]).toEqual(Array(1024).fill(64));
  });

  it('refuses a bitmap of another size', () => {
    expect(() => new PortSet(new Uint32Array(3))).toThrow(RangeError);
  });
});
