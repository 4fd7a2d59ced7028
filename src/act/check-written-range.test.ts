import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWrittenRange, decodeErrorOf } from './check-written-range.ts';

describe('a written natPortRange', () => {
  it.each([
    ['24000:65535', '24000:65535'],
    ['1024:65535', '1024:65535'],
    ['01024:65535', '1024:65535'],
    [null, null],
    [undefined, null],
  ])('%j is written as %j', (raw, value) => {
    expect(checkWrittenRange(raw)).toEqual({ kind: 'fine', value });
  });

  it.each([
    ['32768-65535', '32768:65535'],
    ['32768: 65535', '32768:65535'],
    ['65535:1024', '1024:65535'],
    ['0:65535', '1024:65535'],
    [70_000, '24000:65535'],
    ['70000:1', '24000:65535'],
    ['', '24000:65535'],
    [{}, '24000:65535'],
  ])('%j is refused, and %j is offered', (raw, form) => {
    expect(checkWrittenRange(raw)).toMatchObject({ kind: 'rejected', form });
  });

  it.each([
    ['1024', 1024, '1024:65535'],
    [65_535, 65_535, '24000:65535'],
    ['80', 80, '24000:65535'],
    ['1:1024', '1:1024', '24000:65535'],
    ['1:1025', '1:1025', '1024:1025'],
    ['NONE', undefined, undefined],
    ['none', 'none', '24000:65535'],
  ])('%j is a trap', (raw, value, form) => {
    const wanted = value === undefined ? { kind: 'rejected' } : { kind: 'trap', value, form };
    expect(checkWrittenRange(raw)).toMatchObject(wanted);
  });

  it('is fine exactly from 1024 up and below each other; every form that is offered is fine', () => {
    fc.assert(
      fc.property(fc.nat({ max: 70_000 }), fc.nat({ max: 70_000 }), (first, last) => {
        const verdict = checkWrittenRange(`${first}:${last}`);
        expect(verdict.kind === 'fine').toBe(first >= 1024 && first < last && last <= 65_535);
        if (verdict.kind !== 'fine') expect(checkWrittenRange(verdict.form)).toMatchObject({ kind: 'fine' });
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  it('offers something fine for whatever was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        const verdict = checkWrittenRange(raw);
        if (verdict.kind !== 'fine') expect(checkWrittenRange(verdict.form)).toMatchObject({ kind: 'fine' });
        expect(verdict.kind === 'rejected' || decodeErrorOf(raw) === undefined).toBe(true);
      }),
      { seed: 6, numRuns: 1000 },
    );
  });
});
