import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLink } from '../../src/kernel/route/decode-link.ts';
import { decodeLocalAddress } from '../../src/kernel/route/decode-local-address.ts';
import { decodeListener } from '../../src/kernel/sock-diag/decode-listener.ts';
import { DIAG_LISTENER, NEW_ADDRESS_IPV4, NEW_ADDRESS_IPV6, NEW_LINK_VXLAN } from '../corpora/netlink-6-18.ts';

interface Recording {
  readonly name: string;
  readonly base64: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly whole: unknown;
  /** What a part of the message may be read as: what is known, or nothing. */
  readonly parts: readonly unknown[];
}

const LINK = { name: 'vxlan.calico', kind: 'vxlan', port: 4789 };
const LISTENER = { port: 10_250, address: '::1', uid: 0, inode: expect.any(Number) };

const RECORDINGS: readonly Recording[] = [
  {
    name: 'decodeLink',
    base64: NEW_LINK_VXLAN,
    decode: decodeLink,
    whole: { ...LINK, truncated: 0 },
    parts: ['', 'vxlan'].flatMap((kind) =>
      [undefined, 4789].flatMap((port) => [0, 1, 2].map((truncated) => ({ ...LINK, kind, port, truncated }))),
    ),
  },
  {
    name: 'decodeLocalAddress',
    base64: NEW_ADDRESS_IPV4,
    decode: decodeLocalAddress,
    whole: '127.0.0.1',
    parts: ['127.0.0.1'],
  },
  { name: 'decodeLocalAddress', base64: NEW_ADDRESS_IPV6, decode: decodeLocalAddress, whole: '::1', parts: ['::1'] },
  { name: 'decodeListener', base64: DIAG_LISTENER, decode: decodeListener, whole: LISTENER, parts: [LISTENER] },
];

describe.each(RECORDINGS)('$name on a recorded message', ({ base64, decode, whole, parts }) => {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));

  it('reads it', () => {
    expect(decode(bytes)).toEqual(whole);
  });

  it('keeps what is known and invents nothing when it is cut at any offset', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const decoded = decode(bytes.subarray(0, length));
      if (decoded !== undefined) expect(parts).toContainEqual(decoded);
    }
  });

  it('never throws when any one byte is another', () => {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(change, ([offset, value]) => {
        decode(bytes.with(offset, value));
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
