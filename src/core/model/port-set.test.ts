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

  it('refuses a bitmap of another size', () => {
    expect(() => new PortSet(new Uint32Array(3))).toThrow(RangeError);
  });
});
