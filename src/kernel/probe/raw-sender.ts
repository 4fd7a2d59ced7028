// A raw socket of this thread's namespace: packets with chosen source ports, each a new flow, at 20-35 us apiece.
import { EAGAIN, ENOBUFS, EPERM } from '../netlink/errno.ts';
import { checked, lastErrno, libc } from '../netlink/libc.ts';
import { AF_INET, packAddress } from '../netlink/pack-address.ts';
import { RawPacket } from './raw-packet.ts';

const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const IPPROTO_RAW = 255;

export interface RawAim {
  /** IPPROTO_TCP sends SYNs, IPPROTO_UDP datagrams. */
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: number;
}

/** A raw socket aimed at one destination. */
export class RawSender {
  readonly #fd: number;
  readonly #packet: RawPacket;
  readonly #address: Uint8Array;

  /** Errors: PTL_LIBC; EPERM without CAP_NET_RAW. */
  constructor(aim: RawAim) {
    const source = packAddress(aim.source).bytes;
    const destination = packAddress(aim.destination).bytes;
    this.#packet = new RawPacket({ ...aim, source, destination });
    this.#fd = checked(libc().socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), 'open a raw socket');
    this.#address = Uint8Array.of(AF_INET, 0, 0, 0, ...destination, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** @returns false when the kernel dropped it on the way out (EPERM: no port was found for a local flow). */
  send(sourcePort: number, sequence?: number): boolean {
    this.#packet.aim(sourcePort, sequence);
    const { bytes } = this.#packet;
    if (libc().sendto(this.#fd, bytes, bytes.length, 0, this.#address, 16) >= 0) return true;
    const errno = lastErrno();
    if (errno === EPERM || errno === ENOBUFS || errno === EAGAIN) return false;
    throw new Error(`Cannot send a raw packet: errno ${errno}, wanted it sent`);
  }

  close(): void {
    libc().close(this.#fd);
  }
}
