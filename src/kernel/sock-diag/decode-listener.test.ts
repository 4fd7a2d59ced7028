import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeListener } from './decode-listener.ts';

/** inet_diag_msg of a listener as the kernel sends it: family, port, source, then expires..inode. */
function message(options: { family: number; port: number; source: readonly number[] }): Uint8Array {
  const bytes = new Uint8Array(72 + 8);
  bytes.set([options.family, 10, 0, 0, options.port >>> 8, options.port & 0xff, 0, 0]);
  bytes.set(options.source, 8);
  new DataView(bytes.buffer).setUint32(64, 1000, true);
  new DataView(bytes.buffer).setUint32(68, 4242, true);
  bytes.set([8, 0, 8, 0, 1, 2, 3, 4], 72);
  return bytes;
}

const KUBELET = message({ family: 2, port: 10_250, source: [127, 0, 0, 1] });

describe('decodeListener', () => {
  it('reads port, address, inode and owner', () => {
    expect(decodeListener(KUBELET)).toEqual({ port: 10_250, address: '127.0.0.1', inode: 4242, uid: 1000 });
  });

  it.each([
    ['0.0.0.0', { family: 2, port: 80, source: [0, 0, 0, 0] }, undefined],
    ['::', { family: 10, port: 80, source: [] }, undefined],
    ['::1', { family: 10, port: 80, source: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] }, '::1'],
    [
      '::ffff:10.0.0.1',
      { family: 10, port: 80, source: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1] },
      '10.0.0.1',
    ],
  ])('reads a socket bound to %s', (_, options, address) => {
    expect(decodeListener(message(options))).toMatchObject({ port: 80, address });
  });

  it('is undefined, never throws, for a message cut anywhere', () => {
    for (let length = 0; length < 72; length += 1) expect(decodeListener(KUBELET.subarray(0, length))).toBeUndefined();
  });

  it('is undefined for another family and for a socket without a port', () => {
    expect(decodeListener(message({ family: 1, port: 80, source: [] }))).toBeUndefined();
    expect(decodeListener(message({ family: 2, port: 0, source: [] }))).toBeUndefined();
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const listener = decodeListener(bytes);
        return listener === undefined || (listener.port > 0 && listener.port < 65_536);
      }),
      { seed: 1 },
    );
  });
});
