import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageWriter } from '../netlink/message-writer.ts';
import { decodeFamilyId, decodeWireguardPort } from './wireguard-ports.ts';

const HEADER_BYTES = 16;

/** WG_CMD_GET_DEVICE's answer after nlmsghdr, laid out as wg_get_device_dump writes it. */
function device(name: string, port: number): Uint8Array {
  return new MessageWriter()
    .begin(0x1c, 2, 1)
    .raw(Uint8Array.of(0, 1, 0, 0))
    .attribute(6, Uint8Array.of(port & 0xff, port >>> 8))
    .le32(7, 0x10_0000)
    .le32(1, 9)
    .text(2, name)
    .attribute(3, new Uint8Array(32).fill(0xaa))
    .attribute(8, new Uint8Array(0))
    .end()
    .bytes.slice(HEADER_BYTES);
}

describe('decodeWireguardPort', () => {
  const calico = device('wireguard.cali', 51_820);

  it('reads name and listen port', () => {
    expect(decodeWireguardPort(calico)).toEqual({ name: 'wireguard.cali', port: 51_820 });
  });

  it('is undefined for a link that does not listen', () => {
    expect(decodeWireguardPort(device('wg0', 0))).toBeUndefined();
  });

  it('never throws on a message cut anywhere', () => {
    for (let length = 0; length < calico.length; length += 1) {
      const port = decodeWireguardPort(calico.subarray(0, length));
      expect([undefined, 51_820]).toContain(port?.port);
    }
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        decodeWireguardPort(bytes);
        decodeFamilyId(bytes);
      }),
      { seed: 1 },
    );
  });
});

describe('decodeFamilyId', () => {
  it('reads CTRL_ATTR_FAMILY_ID among other attributes', () => {
    const bytes = new MessageWriter()
      .begin(0x10, 0, 1)
      .raw(Uint8Array.of(1, 2, 0, 0))
      .text(2, 'wireguard')
      .attribute(1, Uint8Array.of(0x1c, 0))
      .end()
      .bytes.slice(HEADER_BYTES);
    expect(decodeFamilyId(bytes)).toBe(0x1c);
    expect(decodeFamilyId(bytes.subarray(0, 8))).toBeUndefined();
  });
});
