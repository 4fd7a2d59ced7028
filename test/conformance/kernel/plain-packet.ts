// Packets that the lab's raw sender does not build: echo requests, and IPv6 datagrams and SYNs with empty bodies.
// Checksums stay zero: conntrack verifies them at PREROUTING only, and these packets end in this namespace.
import { ICMP, TCP } from '../../../src/core/model/protocol.ts';
import { EPERM } from '../../../src/kernel/netlink/errno.ts';
import { checked, lastErrno, libc } from '../../../src/kernel/netlink/libc.ts';
import { AF_INET, AF_INET6, packAddress } from '../../../src/kernel/netlink/pack-address.ts';
import type { Flow } from '../nat-node.ts';

const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
/** The IP header is part of what is sent (raw(7); for IPv6 rawv6_init_sk in net/ipv6/raw.c). */
const IPPROTO_RAW = 255;
const ECHO_REQUEST = 8;
const SYN = 0x02;

/** Sends one flow's first packet. @returns false when it was dropped. */
export function sendPlain(flow: Flow): boolean {
  const remote = packAddress(flow.remote);
  const fd = checked(libc().socket(remote.family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), 'open a raw socket');
  try {
    const packet = remote.family === AF_INET6 ? packet6(flow) : echo4(flow);
    const address = socketAddress(remote);
    if (libc().sendto(fd, packet, packet.length, 0, address, address.length) >= 0) return true;
    if (lastErrno() === EPERM) return false;
    throw new Error(`Cannot send a packet: errno ${lastErrno()}, wanted it sent or dropped`);
  } finally {
    libc().close(fd);
  }
}

/** sockaddr_in or sockaddr_in6, port 0. */
function socketAddress({ family, bytes }: ReturnType<typeof packAddress>): Uint8Array {
  const address = new Uint8Array(family === AF_INET ? 16 : 28);
  address[0] = family;
  address.set(bytes, family === AF_INET ? 4 : 8);
  return address;
}

function echo4(flow: Flow): Uint8Array {
  const view = new DataView(new ArrayBuffer(28));
  view.setUint8(0, 0x45);
  view.setUint16(2, 28);
  view.setUint8(8, 64);
  view.setUint8(9, ICMP);
  view.setUint8(20, ECHO_REQUEST);
  view.setUint16(24, flow.sourcePort);
  const bytes = new Uint8Array(view.buffer);
  bytes.set(packAddress(flow.source).bytes, 12);
  bytes.set(packAddress(flow.remote).bytes, 16);
  return bytes;
}

function packet6(flow: Flow): Uint8Array {
  const length = flow.protocol === TCP ? 20 : 8;
  const view = new DataView(new ArrayBuffer(40 + length));
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, flow.protocol);
  view.setUint8(7, 64);
  view.setUint16(40, flow.sourcePort);
  view.setUint16(42, flow.remotePort);
  if (flow.protocol === TCP) {
    view.setUint32(44, flow.sequence ?? 1000);
    view.setUint8(52, 5 << 4);
    view.setUint8(53, SYN);
  } else {
    view.setUint16(44, length);
  }
  const bytes = new Uint8Array(view.buffer);
  bytes.set(packAddress(flow.source).bytes, 8);
  bytes.set(packAddress(flow.remote).bytes, 24);
  return bytes;
}
