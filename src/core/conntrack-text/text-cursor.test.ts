// Numbers and addresses in bytes, beside what the text parsers of the house make of the same text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../model/address.ts';
import { ConntrackEntry } from '../model/conntrack-entry.ts';
import { TextCursor } from './text-cursor.ts';

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Canonical text of the address that the cursor reads, or undefined. */
function readAddress(text: string): string | undefined {
  const cursor = new TextCursor();
  const entry = new ConntrackEntry();
  cursor.bytes = bytesOf(`${text} `);
  const family = cursor.address(0, entry, 4);
  if (family === 0) return undefined;
  const bytes = new Uint8Array(entry.addresses.buffer, 16, 16);
  if (family === 4) bytes.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
  expect(cursor.at).toBe(text.length);
  return formatAddress(bytes);
}

function wanted(text: string): string | undefined {
  const bytes = parseAddress(text);
  return bytes === undefined ? undefined : formatAddress(bytes);
}

describe('an address in bytes', () => {
  it.each([
    '0.0.0.0',
    '255.255.255.255',
    '::',
    '::1',
    '1::',
    '2001:db8::9',
    '::ffff:192.0.2.1',
    '64:ff9b::192.0.2.1',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:192.0.2.1',
    '2001:0DB8:0000:0000:0000:0000:0000:0010',
  ])('%s is read', (text) => {
    expect(readAddress(text)).toBe(wanted(text));
    expect(readAddress(text)).toBeDefined();
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.4x',
    ':',
    ':1',
    '1:',
    '1::2::3',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '::1.2.3',
    'g::',
  ])('"%s" is none', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  it('reads any address that the house writes, and what looks like one as the house does', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, (text) => {
        expect(readAddress(text)).toBe(wanted(text));
      }),
      { seed: 21, numRuns: 2000 },
    );
  });
});

describe('a number in bytes', () => {
  it.each([
    ['0 ', 9, 0],
    ['65535\n', 65_535, 65_535],
    ['65536 ', 65_535, -1],
    ['99999999999999999999 ', 4_294_967_295, -1],
    ['4294967295 ', 4_294_967_295, 4_294_967_295],
    ['12a ', 99, -1],
    [' 1', 9, -1],
    ['', 9, -1],
    ['7', 9, 7],
  ])('%j up to %d is %d', (text, most, value) => {
    const cursor = new TextCursor();
    cursor.bytes = bytesOf(text);
    expect(cursor.number(0, most)).toBe(value);
  });
});
