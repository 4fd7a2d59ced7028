import { describe, expect, it } from 'vitest';
import { parsePortRangeSysctl, parseSysctlNumber } from './parse-sysctl.ts';

describe('parseSysctlNumber', () => {
  it.each([
    ['120', 120],
    ['-1', -1],
    ['', undefined],
    ['1 2', undefined],
    ['0x10', undefined],
  ])('reads %j as %s', (text, wanted) => {
    expect(parseSysctlNumber(text)).toBe(wanted);
  });
});

describe('parsePortRangeSysctl', () => {
  it.each([
    ['32768\t60999', { first: 32_768, last: 60_999 }],
    ['1 1', { first: 1, last: 1 }],
    ['2 1', undefined],
    ['1 70000', undefined],
    ['32768', undefined],
  ])('reads %j', (text, wanted) => {
    expect(parsePortRangeSysctl(text)).toEqual(wanted);
  });
});
