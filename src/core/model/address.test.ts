import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyOf, formatAddress, parseAddress } from './address.ts';

describe('parseAddress', () => {
  it.each([
    ['192.0.2.10', '192.0.2.10'],
    ['0.0.0.0', '0.0.0.0'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['fe80::1:0:0:1', 'fe80::1:0:0:1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('reads %s', (text, canonical) => {
    expect(formatAddress(parseAddress(text) ?? new Uint8Array())).toBe(canonical);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '12345::',
    'g::1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
  ])('refuses %j', (text) => expect(parseAddress(text)).toBeUndefined());

  it('round-trips every address, in a form that node:net accepts', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const text = formatAddress(bytes);
        expect(parseAddress(text)).toEqual(bytes);
        if (familyOf(bytes) === 6) expect(isIPv6(text)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});
