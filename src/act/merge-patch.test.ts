import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/kube-objects/parse-object.ts';
import { changesBetween, mergePatch, reversePatch } from './merge-patch.ts';

const NAME = fc.constantFrom('natPortRange', 'vxlanPort', 'limits', 'a', 'b');
const LEAF = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));

/** Objects three deep; in patches null stands among the values. */
function objects(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<JsonObject> {
  const { level2 } = fc.letrec((tie) => ({
    level0: fc.dictionary(NAME, leaf, { maxKeys: 3 }),
    level1: fc.dictionary(NAME, fc.oneof(leaf, tie('level0')), { maxKeys: 3 }),
    level2: fc.dictionary(NAME, fc.oneof(leaf, tie('level1')), { maxKeys: 4 }),
  }));
  return level2.map((value): JsonObject => ({ ...Object(value) }));
}

const STORED = objects(LEAF);
const PATCH = objects(fc.oneof(LEAF, fc.constant(null)));

describe('a merged patch', () => {
  it('goes into objects, replaces lists and values, removes by null, and leaves the rest', () => {
    const stored = { spec: { range: '1:2', list: [1, 2], deep: { x: 1, y: 2 } }, other: { kept: true } };
    const patch = { spec: { range: null, list: [3], deep: { y: 3 }, added: { z: 1, absent: null } } };
    expect(mergePatch(stored, patch)).toEqual({
      spec: { list: [3], deep: { x: 1, y: 3 }, added: { z: 1 } },
      other: { kept: true },
    });
  });

  it('changes nothing it was given', () => {
    fc.assert(
      fc.property(STORED, PATCH, (stored, patch) => {
        const [before, wanted] = [structuredClone(stored), structuredClone(patch)];
        mergePatch(stored, patch);
        expect([stored, patch]).toEqual([before, wanted]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('is the same when applied twice', () => {
    fc.assert(
      fc.property(STORED, PATCH, (stored, patch) => {
        const once = mergePatch(stored, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('is taken back by its reverse', () => {
    fc.assert(
      fc.property(STORED, PATCH, (spec, patch) => {
        const stored = { spec, kind: 'x' };
        const wanted = { spec: patch };
        expect(mergePatch(mergePatch(stored, wanted), reversePatch(stored, wanted))).toEqual(stored);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('is told by its changes: none only when nothing differs', () => {
    fc.assert(
      fc.property(STORED, PATCH, (stored, patch) => {
        const merged = mergePatch(stored, patch);
        const isEqual = JSON.stringify(sorted(stored)) === JSON.stringify(sorted(merged));
        expect(changesBetween(stored, merged).length === 0).toBe(isEqual);
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}
