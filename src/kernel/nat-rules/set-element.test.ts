import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairIntervals } from './set-element.ts';
import type { RawElement } from './set-element.ts';

const END = 1;

function key(port: number, flags = 0): RawElement {
  return { key: Uint8Array.of(port >> 8, port & 0xff), keyEnd: undefined, flags, verdict: undefined };
}

function ports(elements: readonly RawElement[]): string[] {
  return pairIntervals(elements, true).map(({ first, last }) => `${number(first)}-${number(last)}`);
}

function number(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

describe('pairIntervals', () => {
  it('closes an interval one before its end', () => {
    expect(ports([key(0, END), key(81), key(82, END), key(8000), key(8011, END)])).toEqual(['81-81', '8000-8010']);
  });

  it('lets an interval without an end reach the top', () => {
    expect(ports([key(0, END), key(60000)])).toEqual(['60000-65535']);
  });

  it('splits neighbours, whose start and end have one key', () => {
    expect(ports([key(10), key(20), key(20, END), key(30, END)])).toEqual(['10-19', '20-29']);
  });

  it('takes any order of messages', () => {
    const elements = [key(0, END), key(1024), key(30000, END), key(32768), key(40000, END)];
    fc.assert(
      fc.property(fc.shuffledSubarray(elements, { minLength: elements.length }), (shuffled) => {
        expect(ports(shuffled)).toEqual(['1024-29999', '32768-39999']);
      }),
      { seed: 1 },
    );
  });

  it('sorts the keys of a set without intervals', () => {
    expect(pairIntervals([key(7), key(5)], false).map(({ last }) => number(last))).toEqual([5, 7]);
  });
});
