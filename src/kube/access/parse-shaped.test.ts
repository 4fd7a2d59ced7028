import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonShape, parseShaped } from './parse-shaped.ts';

const KEYS = ['a', 'b', 'metadata', 'x y', '__proto__'];

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('"', '\\', '\\"', '}', ']},"a":[', '\u2028'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const shapes = fc.letrec<{ shape: JsonShape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant<JsonShape>(true),
    fc.tuple(tie('shape')),
    fc.dictionary(fc.constantFrom('a', 'b', 'metadata', 'x y'), tie('shape'), { maxKeys: 3 }),
  ),
})).shape;

/** What a shape leaves of a decoded value. */
function shaped(value: unknown, shape: JsonShape): unknown {
  if (shape === true || value === null) return value;
  if (Array.isArray(shape)) return Array.isArray(value) ? value.map((item) => shaped(item, shape[0])) : undefined;
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const wanted = new Map(Object.entries(shape));
  const kept = Object.entries(value).flatMap(([key, inner]) => {
    const innerShape = wanted.get(key);
    return innerShape === undefined ? [] : [[key, shaped(inner, innerShape)]];
  });
  return Object.fromEntries(kept);
}

describe('a shape', () => {
  it('leaves what JSON.parse and picking leave, however the text is spaced', () => {
    fc.assert(
      fc.property(json, shapes, fc.constantFrom(0, 1, '\t', '\r\n  '), (value, shape, space) => {
        const text = JSON.stringify(value, null, space);
        const whole: unknown = JSON.parse(text);
        expect(parseShaped(Buffer.from(text), shape)).toEqual(shaped(whole, shape));
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  it('is an error in a text that is cut anywhere', () => {
    const text = JSON.stringify({
      metadata: { continue: 'x', other: [1, { a: '"' }] },
      items: [{ a: 'é\\' }, { b: [true] }],
    });
    const shape = { metadata: { continue: true }, items: [{ a: true }] } as const;
    expect(parseShaped(Buffer.from(text), shape)).toEqual({ metadata: { continue: 'x' }, items: [{ a: 'é\\' }, {}] });
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => parseShaped(bytes.subarray(0, length), shape)).toThrow(SyntaxError);
  });

  it.each(['', '{"a" 1}', '{a:1}', '[1 2]', '{"a":1}}', '{"a":}'])('is an error in %j', (text) => {
    expect(() => parseShaped(Buffer.from(text), text.startsWith('[') ? [true] : { a: true })).toThrow(SyntaxError);
  });
});
