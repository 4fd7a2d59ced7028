import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../byte-source.ts';
import { PackedBytes } from './packed-bytes.ts';

function readAll(source: ByteSource, chunkBytes: number): Uint8Array {
  const chunk = new Uint8Array(chunkBytes);
  const parts: Uint8Array[] = [];
  for (let count = source.read(chunk, 0); count > 0; count = source.read(chunk, 0)) parts.push(chunk.slice(0, count));
  return Buffer.concat(parts);
}

describe('PackedBytes', () => {
  it('gives back what was added, in pieces of any size, as often as asked', () => {
    const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(3_000_000)), { maxLength: 5 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1000, max: 2_000_000 }), (lengths, chunkBytes) => {
        const pieces = lengths.map((length, index) => Buffer.alloc(length, `piece ${index} of ${length};`));
        const bytes = new PackedBytes();
        for (const piece of pieces) bytes.add(piece);
        const all = Buffer.concat(pieces);
        const source = bytes.source();
        expect(bytes.length).toBe(all.length);
        for (const size of [chunkBytes, 333_333]) {
          expect(all.equals(readAll(source, size))).toBe(true);
          source.rewind();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is a copy, and its source has what was there when it was asked for', () => {
    const bytes = new PackedBytes();
    const piece = Buffer.from('first');
    bytes.add(piece);
    const before = bytes.source();
    piece.fill(0);
    bytes.add(Buffer.from(' second'));
    const textOf = (source: ByteSource): string => new TextDecoder().decode(readAll(source, 3));
    expect([textOf(before), textOf(bytes.source())]).toEqual(['first', 'first second']);
  });

  it('fills from an offset on', () => {
    const bytes = new PackedBytes();
    bytes.add(Buffer.from('abc'));
    const into = Buffer.from('......');
    expect(bytes.source().read(into, 2)).toBe(3);
    expect(into.toString()).toBe('..abc.');
  });
});
