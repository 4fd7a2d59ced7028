// The bytes of raw packets against the worked definition of their headers.
import { describe, expect, it } from 'vitest';
import { RawPacket } from './raw-packet.ts';

const FIELDS = {
  source: Uint8Array.of(10, 244, 1, 10),
  destination: Uint8Array.of(203, 0, 113, 10),
  destinationPort: 443,
};

describe('RawPacket', () => {
  it('is a SYN whose checksum verifies for every source port and sequence number', () => {
    const packet = new RawPacket({ ...FIELDS, protocol: 6 });
    for (const port of [1, 443, 32_768, 65_535]) {
      packet.aim(port, port * 65_521);
      const view = new DataView(packet.bytes.buffer);
      expect([view.getUint16(20), view.getUint16(22), packet.bytes[33]]).toEqual([port, 443, 0x02]);
      expect(onesComplementSum(packet.bytes.subarray(12), 6 + 20)).toBe(0xffff);
    }
  });

  it('is an empty datagram without a checksum', () => {
    const packet = new RawPacket({ ...FIELDS, protocol: 17 });
    packet.aim(5060);
    expect([...packet.bytes.subarray(20)]).toEqual([0x13, 0xc4, 0x01, 0xbb, 0, 8, 0, 0]);
    expect([...packet.bytes.subarray(0, 4)]).toEqual([0x45, 0, 0, 28]);
  });
});

/** RFC 1071 over the pseudo header's addresses, its protocol and length, and the segment. */
function onesComplementSum(bytes: Uint8Array, rest: number): number {
  let sum = rest;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
