import { describe, expect, it } from 'vitest';
import { formatRange, parseRange, rangeContains, rangeSize, rangesEqual } from './port-range.ts';

describe('parseRange', () => {
  it('reads the form of natPortRange', () => {
    expect(parseRange('32768:65535')).toEqual({ ok: true, range: { first: 32_768, last: 65_535 } });
    expect(parseRange('1:1')).toEqual({ ok: true, range: { first: 1, last: 1 } });
  });

  it.each(['70000:1', '1:70000', '32768-65535', '', '0:65535', '65535:1024', ' 1:2', '1:2 ', '1024', 'a:b', '-1:5'])(
    'refuses %j and says what is wanted',
    (text) => expect(parseRange(text)).toEqual({ ok: false, wanted: expect.stringContaining('32768:65535') }),
  );
});

describe('a port range', () => {
  const range = { first: 32_768, last: 65_535 };

  it('is inclusive at both ends', () => {
    expect(rangeSize(range)).toBe(32_768);
    expect([32_767, 32_768, 65_535].map((port) => rangeContains(range, port))).toEqual([false, true, true]);
  });

  it('compares and prints by its ends', () => {
    expect(rangesEqual(range, { ...range })).toBe(true);
    expect(rangesEqual(range, { first: 32_768, last: 65_534 })).toBe(false);
    expect(formatRange(range)).toBe('32768-65535');
  });
});
