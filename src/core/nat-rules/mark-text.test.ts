import { describe, expect, it } from 'vitest';
import { formatMark, negateMark } from './mark-text.ts';

describe('formatMark', () => {
  it.each([
    [0x4000, 0x4000, false, '0x4000/0x4000'],
    [0x4000, 0x4000, true, '0x0/0x4000'],
    [0, 0x4000, true, '0x4000/0x4000'],
    [0x800000, 0x1f00000, true, '!0x800000/0x1f00000'],
    [1, 0xffffffff, false, '0x1/0xffffffff'],
    [0x80000000 | 0, 0x80000000 | 0, true, '0x0/0x80000000'],
  ])('%d/%d negated %s is %s', (value, mask, negated, text) => {
    expect(formatMark(value, mask, negated)).toBe(text);
  });
});

describe('negateMark', () => {
  it.each(['0x4000/0x4000', '0x0/0x4000', '!0x800000/0x1f00000', '0x1/0xffffffff'])('twice is %s again', (text) => {
    expect(negateMark(text)).not.toBe(text);
    expect(negateMark(negateMark(text))).toBe(text);
  });
});
