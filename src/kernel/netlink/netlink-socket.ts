// One netlink socket: open, send, receive datagrams, request and dump. It knows nlmsghdr and NLMSG_ERROR, nothing of any family.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { EAGAIN, EINTR, ENOBUFS, errnoName } from './errno.ts';
import { checked, lastErrno, libc } from './libc.ts';
import type { ReceiveBatch } from './receive-batch.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const SOCK_NONBLOCK = 0x800;
const MSG_DONTWAIT = 0x40;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const SO_ATTACH_FILTER = 26;
const SO_DETACH_FILTER = 27;
/** struct sock_fprog: a count, padding, a pointer. */
const SOCK_FPROG_BYTES = 16;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_EXT_ACK = 11;

export const NETLINK_ROUTE = 0;
export const NETLINK_SOCK_DIAG = 4;
export const NETLINK_NETFILTER = 12;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP = 0x300;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

const NLM_F_DUMP_INTR = 0x10;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_HEADER_BYTES = 16;
const NLMSGERR_ATTR_MSG = 1;
const NLM_F_ACK_TLVS = 0x200;
const NLM_F_CAPPED = 0x100;

/** A dump datagram never exceeds 32 KiB (netlink_dump, net/netlink/af_netlink.c); events are single messages. */
export const RECEIVE_BYTES = 65_536;

/** One message inside a received datagram. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** The whole datagram; valid only during the callback. */
  readonly bytes: Uint8Array;
  /** First byte after nlmsghdr. */
  readonly start: number;
  /** One past the message's last byte. */
  readonly stop: number;
}

export interface NetlinkOptions {
  /** Receive never blocks; `receive` returns 0 when nothing waits. */
  readonly nonBlocking?: boolean;
  /** Bound on one blocking receive; default 10 s. */
  readonly timeoutSeconds?: number;
}

/** How a dump ended. */
export interface DumpEnd {
  readonly messages: number;
  /** NLM_F_DUMP_INTR was seen or a message was cut short: the dump is not a consistent picture. */
  readonly interrupted: boolean;
}

/** A synchronous netlink socket of the calling thread's network namespace. */
export class NetlinkSocket {
  readonly #fd: number;
  readonly #buffer: Uint8Array = new Uint8Array(RECEIVE_BYTES);
  #sequence = 1;

  /** Errors: PTL_LIBC (errno in facts) when the family is refused or absent. */
  constructor(family: number, options: NetlinkOptions = {}) {
    const type = SOCK_RAW | SOCK_CLOEXEC | (options.nonBlocking === true ? SOCK_NONBLOCK : 0);
    this.#fd = checked(libc().socket(AF_NETLINK, type, family), `open a netlink socket of family ${family}`);
    checked(
      libc().bind(this.#fd, Uint8Array.of(AF_NETLINK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 12),
      'bind a netlink socket',
    );
    this.#setReceiveTimeout(options.timeoutSeconds ?? 10);
    this.#setOption(SOL_NETLINK, NETLINK_EXT_ACK, 1);
  }

  get fd(): number {
    return this.#fd;
  }

  /** A sequence number for the next message of this socket. */
  nextSequence(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }

  /** Asks for a receive buffer; the forced form needs CAP_NET_ADMIN, the other is capped by net.core.rmem_max. */
  setReceiveBuffer(bytes: number): void {
    if (!this.#setOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes)) this.#setOption(SOL_SOCKET, SO_RCVBUF, bytes);
  }

  /** Joins a multicast group (NFNLGRP_*). Errors: PTL_LIBC, EPERM without CAP_NET_ADMIN. */
  join(group: number): void {
    checked(
      libc().setsockopt(this.#fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int32(group), 4),
      `join netlink group ${group}`,
    );
  }

  /** Lets a classic BPF program decide which messages are queued (struct sock_filter, 8 bytes each). @returns false when refused. */
  attachFilter(program: Uint8Array): boolean {
    const filter = { len: program.length / 8, filter: program };
    return libc().setsockopt_filter(this.#fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, SOCK_FPROG_BYTES) === 0;
  }

  /** Takes the program away, if there is one. */
  detachFilter(): void {
    this.#setOption(SOL_SOCKET, SO_DETACH_FILTER, 0);
  }

  /** Sends one buffer of one or more messages. Errors: PTL_LIBC. */
  send(bytes: Uint8Array): void {
    checked(libc().sendto(this.#fd, bytes, bytes.length, 0, null, 0), 'send a netlink request');
  }

  /**
   * Receives one datagram into `into`.
   * @returns its length; 0 when nothing waits (non-blocking) or the time ran out; `'overrun'` on ENOBUFS (messages were lost).
   */
  receive(into: Uint8Array = this.#buffer, wait = true): number | 'overrun' {
    for (;;) {
      const length = libc().recv(this.#fd, into, into.length, wait ? 0 : MSG_DONTWAIT);
      if (length >= 0) return length;
      const errno = lastErrno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN) return 0;
      if (errno === ENOBUFS) return 'overrun';
      throw new PortolanError('PTL_LIBC', `Cannot receive from netlink: ${errnoName(errno)}, wanted a datagram`, {
        facts: { errno, errnoName: errnoName(errno) },
      });
    }
  }

  /**
   * Receives the datagrams that wait, as many as the batch has slots, without blocking.
   * @returns how many; 0 when none waits; `'overrun'` on ENOBUFS (messages were lost).
   */
  receiveMany(batch: ReceiveBatch): number | 'overrun' {
    for (;;) {
      batch.prepare();
      const count = libc().recvmmsg(this.#fd, batch.headers, batch.slots, MSG_DONTWAIT, null);
      const errno = count >= 0 ? 0 : lastErrno();
      if (count >= 0) return count;
      if (errno === EINTR) continue;
      if (errno === EAGAIN) return 0;
      if (errno === ENOBUFS) return 'overrun';
      throw new PortolanError('PTL_LIBC', `Cannot receive from netlink: ${errnoName(errno)}, wanted datagrams`, {
        facts: { errno, errnoName: errnoName(errno) },
      });
    }
  }

  /** Sends one request that asked for NLM_F_ACK and waits for the verdict. Errors: PTL_NETLINK with errno and the kernel's text. */
  request(bytes: Uint8Array, action: string): void {
    this.send(bytes);
    this.#collect(action, 1, () => {});
  }

  /** Sends one request and hands every answer to `visit` until NLMSG_DONE or the ack. */
  dump(bytes: Uint8Array, action: string, visit: (message: NetlinkMessage) => void): DumpEnd {
    this.send(bytes);
    return this.#collect(action, 1, visit);
  }

  /** Sends a batch and waits for `acks` acknowledgements (each NLM_F_ACK message sends one). The first refusal throws. */
  batch(bytes: Uint8Array, acks: number, action: string): void {
    this.send(bytes);
    this.#collect(action, acks, () => {});
  }

  close(): void {
    libc().close(this.#fd);
  }

  #collect(action: string, acks: number, visit: (message: NetlinkMessage) => void): DumpEnd {
    let messages = 0;
    let interrupted = false;
    for (let pending = acks; pending > 0; ) {
      const length = this.receive();
      if (length === 'overrun') {
        interrupted = true;
        continue;
      }
      if (length === 0)
        throw new PortolanError('PTL_NETLINK', `Cannot ${action}: no answer in time, wanted one from the kernel`);
      const cut = eachMessage(this.#buffer, length, (message) => {
        if (message.type === NLMSG_DONE) {
          throwIfRefused(message, action);
          pending -= 1;
        } else if (message.type === NLMSG_ERROR) {
          throwIfRefused(message, action);
          pending -= 1;
        } else {
          messages += 1;
          interrupted ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
          visit(message);
        }
      });
      interrupted ||= cut;
    }
    return { messages, interrupted };
  }

  #setReceiveTimeout(seconds: number): void {
    const timeval = new DataView(new ArrayBuffer(16));
    timeval.setBigInt64(0, BigInt(Math.floor(seconds)), true);
    timeval.setBigInt64(8, BigInt(Math.round((seconds % 1) * 1e6)), true);
    libc().setsockopt(this.#fd, SOL_SOCKET, SO_RCVTIMEO, new Uint8Array(timeval.buffer), 16);
  }

  #setOption(level: number, name: number, value: number): boolean {
    return libc().setsockopt(this.#fd, level, name, int32(value), 4) === 0;
  }
}

/** Calls `visit` for each whole message of a datagram. @returns true when the last one was cut short. */
export function eachMessage(bytes: Uint8Array, length: number, visit: (message: NetlinkMessage) => void): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + NLMSG_HEADER_BYTES <= length) {
    const size = view.getUint32(at, true);
    if (size < NLMSG_HEADER_BYTES || at + size > length) return true;
    visit({
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      bytes,
      start: at + NLMSG_HEADER_BYTES,
      stop: at + size,
    });
    at += (size + 3) & ~3;
  }
  return at < length;
}

function throwIfRefused(message: NetlinkMessage, action: string): void {
  const view = new DataView(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength);
  const errno = message.stop - message.start >= 4 ? -view.getInt32(message.start, true) : 0;
  if (errno <= 0) return;
  const why = message.type === NLMSG_ERROR ? extendedAck(message) : '';
  throw new PortolanError(
    'PTL_NETLINK',
    `Cannot ${action}: ${errnoName(errno)}${why === '' ? '' : ` (${why})`}, wanted success`,
    {
      facts: { errno, errnoName: errnoName(errno) },
    },
  );
}

/** The kernel's own sentence (NLMSGERR_ATTR_MSG), or empty. */
function extendedAck(message: NetlinkMessage): string {
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return '';
  const view = new DataView(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength);
  const echoed = (message.flags & NLM_F_CAPPED) !== 0 ? NLMSG_HEADER_BYTES : view.getUint32(message.start + 4, true);
  for (let at = message.start + 4 + echoed; at + 4 <= message.stop; ) {
    const size = view.getUint16(at, true);
    if (size < 4) return '';
    if ((view.getUint16(at + 2, true) & 0x3fff) === NLMSGERR_ATTR_MSG) {
      return new TextDecoder().decode(message.bytes.subarray(at + 4, at + size - 1));
    }
    at += (size + 3) & ~3;
  }
  return '';
}

function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}
