// Sends raw packets from this thread's namespace: each from its own source port, so each a new flow, at 20-35 us apiece.
import { EAGAIN, ENOBUFS, EPERM } from '../../kernel/netlink/errno.ts';
import { checked, lastErrno, libc } from '../../kernel/netlink/libc.ts';
import { AF_INET, packAddress } from '../../kernel/route/pack-address.ts';
import { RawPacket } from './raw-packet.ts';

const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const IPPROTO_RAW = 255;

export interface RawTraffic {
  /** IPPROTO_TCP sends SYNs, IPPROTO_UDP datagrams. */
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: number;
  readonly firstSourcePort: number;
  readonly count: number;
  /** Pause between batches of 64 packets keeps the mean rate; undefined sends as fast as it can. */
  readonly perSecond?: number;
}

/** A raw socket aimed at one destination. */
export class RawSender {
  readonly #fd: number;
  readonly #packet: RawPacket;
  readonly #address: Uint8Array;

  /** Errors: PTL_LIBC; EPERM without CAP_NET_RAW. */
  constructor(traffic: Omit<RawTraffic, 'firstSourcePort' | 'count' | 'perSecond'>) {
    const source = packAddress(traffic.source).bytes;
    const destination = packAddress(traffic.destination).bytes;
    this.#packet = new RawPacket({ ...traffic, source, destination });
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

/** Sends the traffic; `isStopping` is asked between batches. @returns how many packets were sent. */
export async function sendRaw(traffic: RawTraffic, isStopping: () => boolean): Promise<number> {
  const sender = new RawSender(traffic);
  const startedAt = performance.now();
  let sent = 0;
  try {
    while (sent < traffic.count && !isStopping()) {
      const until = Math.min(traffic.count, sent + 64);
      for (; sent < until; sent += 1) sender.send(((traffic.firstSourcePort + sent - 1) % 65_535) + 1, 1000 + sent);
      const dueMs = traffic.perSecond === undefined ? 0 : (sent * 1000) / traffic.perSecond;
      await pause(Math.max(0, startedAt + dueMs - performance.now()));
    }
  } finally {
    sender.close();
  }
  return sent;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (milliseconds < 1) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });
}
