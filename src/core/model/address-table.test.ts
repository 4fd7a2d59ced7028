import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressTable, MAPPED_WORD } from './address-table.ts';
import { formatAddress } from './address.ts';

const words = fc.tuple(
  fc.constantFrom(0, 1),
  fc.constantFrom(0, -1),
  fc.constantFrom(0, MAPPED_WORD, 7),
  fc.integer({ min: 0, max: 300 }),
);

describe('AddressTable', () => {
  it('gives equal addresses one row and others another, however many', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 500 }), (addresses) => {
        const table = new AddressTable();
        const rows = new Map<string, number>();
        for (const address of addresses) {
          const from = Int32Array.from(address);
          const known = rows.get(address.join());
          expect(table.has(from, 0)).toBe(known !== undefined);
          const row = table.rowOf(from, 0);
          expect(row).toBe(known ?? rows.size);
          rows.set(address.join(), row);
        }
        expect(table.count).toBe(rows.size);
        const stored = new Int32Array(table.bytes.buffer);
        for (const [text, row] of rows) expect([...stored.subarray(row * 4, row * 4 + 4)].join()).toBe(text);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('finds an IPv4 address by its one word and stores it mapped', () => {
    const table = new AddressTable();
    const word = new Int32Array(Uint8Array.of(192, 0, 2, 10).buffer)[0] ?? 0;
    const row = table.rowOfIpv4(word);
    expect(table.rowOf(Int32Array.of(0, 0, MAPPED_WORD, word), 0)).toBe(row);
    expect(table.hasIpv4(word)).toBe(true);
    expect(table.has(Int32Array.of(1, 0, MAPPED_WORD, word), 0)).toBe(false);
    expect(formatAddress(table.bytes.subarray(row * 16, row * 16 + 16))).toBe('192.0.2.10');
  });
});
