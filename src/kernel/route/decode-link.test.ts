import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageWriter } from '../netlink/message-writer.ts';
import { decodeLink } from './decode-link.ts';

const RTM_NEWLINK = 16;
const HEADER_BYTES = 16;

interface TunnelShape {
  readonly kind: string;
  readonly portAttribute: number;
  readonly port: number;
}

/** RTM_NEWLINK after nlmsghdr: an unknown attribute, the name, then the link info with an unknown attribute inside. */
function newLink(name: string, tunnel?: TunnelShape): Uint8Array {
  const writer = new MessageWriter().begin(RTM_NEWLINK, 0, 1).raw(new Uint8Array(16)).le32(0x99, 7).text(3, name);
  if (tunnel !== undefined) {
    writer.nest(18, (info) =>
      info
        .text(1, tunnel.kind)
        .nest(2, (data) => data.le32(1, 0x2a).be16(tunnel.portAttribute, tunnel.port).u8(0x77, 1)),
    );
  }
  return writer.end().bytes.slice(HEADER_BYTES);
}

const VXLAN = newLink('vxlan.calico', { kind: 'vxlan', portAttribute: 15, port: 4789 });

describe('decodeLink', () => {
  it.each([
    ['vxlan', 15, 4789],
    ['geneve', 5, 6081],
  ])('reads the port of a %s link', (kind, portAttribute, port) => {
    const link = decodeLink(newLink('tunnel0', { kind, portAttribute, port }));
    expect(link).toEqual({ name: 'tunnel0', kind, port, truncated: 0 });
  });

  it('reads a link without link info, and one of a kind without port', () => {
    expect(decodeLink(newLink('eth0'))).toEqual({ name: 'eth0', kind: '', port: undefined, truncated: 0 });
    expect(decodeLink(newLink('v0', { kind: 'veth', portAttribute: 15, port: 1 }))).toMatchObject({ port: undefined });
  });

  it('reads no port from an attribute of the wrong length', () => {
    const bytes = new MessageWriter()
      .begin(RTM_NEWLINK, 0, 1)
      .raw(new Uint8Array(16))
      .text(3, 'vx')
      .nest(18, (info) => info.text(1, 'vxlan').nest(2, (data) => data.le32(15, 4789)))
      .end().bytes;
    expect(decodeLink(bytes.slice(HEADER_BYTES))).toMatchObject({ kind: 'vxlan', port: undefined });
  });

  it('never throws on a message cut anywhere, and never makes up a port', () => {
    for (let length = 0; length < VXLAN.length; length += 1) {
      const link = decodeLink(VXLAN.subarray(0, length));
      expect([undefined, 4789]).toContain(link?.port);
    }
  });

  it('counts what was cut short', () => {
    expect(decodeLink(VXLAN.subarray(0, VXLAN.length - 2))).toMatchObject({ name: 'vxlan.calico', truncated: 1 });
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), (bytes) => {
        decodeLink(bytes);
      }),
      { seed: 1 },
    );
  });
});
