import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttributeReader } from './attribute-reader.ts';
import { MessageWriter } from './message-writer.ts';
import { eachMessage } from './netlink-socket.ts';

function sample(): Uint8Array {
  const writer = new MessageWriter(8);
  writer.begin(0x0100, 0x5, 7).nfgen(2, 0x1234);
  writer.nest(1, (nested) => nested.be32(1, 0xc0000201).nest(2, (inner) => inner.u8(1, 6).be16(2, 40_000)));
  writer
    .text(3, 'cali:abc')
    .le32(4, 0x01020304)
    .attribute(5, Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 8));
  writer.end();
  writer.begin(3, 2, 8).end();
  return writer.bytes.slice();
}

describe('MessageWriter and AttributeReader', () => {
  it('read back what was written', () => {
    const bytes = sample();
    const types: number[] = [];
    expect(eachMessage(bytes, bytes.length, (message) => types.push(message.type))).toBe(false);
    expect(types).toEqual([0x0100, 3]);
    const reader = new AttributeReader(bytes, 20, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
    const seen: unknown[] = [];
    while (reader.next()) {
      if (reader.type === 1) {
        const nested = reader.nested();
        nested.next();
        seen.push(nested.be32());
        nested.next();
        const inner = nested.nested();
        inner.next();
        seen.push(inner.u8());
        inner.next();
        seen.push(inner.be16());
      } else if (reader.type === 3) seen.push(reader.text());
      else if (reader.type === 4) seen.push(reader.le32());
      else seen.push(reader.be64());
    }
    expect(seen).toEqual([0xc0000201, 6, 40_000, 'cali:abc', 0x01020304, 2 ** 40 + 8]);
    expect(reader.truncated).toBe(0);
  });

  it('say so when a message is cut at any offset, and never throw', () => {
    const whole = sample();
    for (let length = 1; length < whole.length; length += 1) {
      const cut = whole.slice(0, length);
      let messages = 0;
      const short = eachMessage(cut, length, () => (messages += 1));
      expect(short || messages === 1).toBe(true);
      const reader = new AttributeReader(cut, 20, length);
      while (reader.next()) expect(reader.stop).toBeLessThanOrEqual(length);
    }
  });

  it('survive any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        eachMessage(bytes, bytes.length, (message) => expect(message.stop).toBeLessThanOrEqual(bytes.length));
        const reader = new AttributeReader(bytes);
        while (reader.next())
          expect([
            reader.u8(),
            reader.be16(),
            reader.be32(),
            reader.le16(),
            reader.le32(),
            reader.be64(),
          ]).not.toContain(NaN);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
