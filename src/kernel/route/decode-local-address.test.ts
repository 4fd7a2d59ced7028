import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLocalAddress } from './decode-local-address.ts';

const HEADER = [2, 24, 0x80, 0, 3, 0, 0, 0];
const ADDRESS = [8, 0, 1, 0, 10, 0, 0, 2];
const LOCAL = [8, 0, 2, 0, 10, 0, 0, 1];
const LABEL = [7, 0, 3, 0, 108, 111, 0, 0];
const BROADCAST_UNKNOWN = [6, 0, 0x63, 0, 9, 9, 0, 0];

describe('decodeLocalAddress', () => {
  it('prefers IFA_LOCAL over IFA_ADDRESS, the peer of a point-to-point link, in any order', () => {
    for (const attributes of [
      [ADDRESS, LOCAL, LABEL],
      [LABEL, LOCAL, BROADCAST_UNKNOWN, ADDRESS],
    ]) {
      expect(decodeLocalAddress(Uint8Array.from([HEADER, ...attributes].flat()))).toBe('10.0.0.1');
    }
  });

  it('takes IFA_ADDRESS alone, as IPv6 sends it', () => {
    const ipv6 = [20, 0, 1, 0, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    expect(decodeLocalAddress(Uint8Array.from([10, 64, 0, 0, 3, 0, 0, 0, ...ipv6]))).toBe('fd00::1');
  });

  it('names nothing when an attribute is cut short, wherever that is', () => {
    const whole = Uint8Array.from([HEADER, ADDRESS, LABEL, LOCAL].flat());
    const betweenAttributes = (length: number): boolean => [16, 17, 18, 19, 23, 24, 25, 26, 27].includes(length);
    for (let length = 0; length < whole.length; length += 1) {
      if (!betweenAttributes(length)) expect(decodeLocalAddress(whole.subarray(0, length))).toBeUndefined();
    }
    expect(decodeLocalAddress(whole)).toBe('10.0.0.1');
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        decodeLocalAddress(bytes);
      }),
      { seed: 1 },
    );
  });
});
