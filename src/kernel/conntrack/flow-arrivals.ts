// Counts new SNATed flows per port space, and ended ones, from conntrack NEW and DESTROY events, drained when the caller finds time.
import { ArrivalCounter } from '../../core/model/arrival-counter.ts';
import type { FlowArrivals } from '../../core/model/churn.ts';
import { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { Reading } from '../../core/model/reading.ts';
import { NETLINK_NETFILTER, NetlinkSocket, RECEIVE_BYTES } from '../netlink/netlink-socket.ts';
import { errnoOf, gapFor } from './conntrack-gap.ts';
import {
  IPCTNL_MSG_CT_DELETE,
  IPCTNL_MSG_CT_NEW,
  NFGENMSG_BYTES,
  NFNLGRP_CONNTRACK_DESTROY,
  NFNLGRP_CONNTRACK_NEW,
} from './ctnetlink.ts';
import { EntryDecoder } from './entry-decoder.ts';

const NLMSG_HEADER_BYTES = 16;

/** An event costs about 1 KiB of queue, so 64 MiB hold 130,000 (the kernel doubles what is asked). */
const QUEUE_BYTES = 64 * 1024 * 1024;

const MISSING = { id: 'events', what: 'new flows as they arrive', weakens: 'churn: new flows per second' } as const;

export interface ArrivalOptions {
  /** SO_RCVBUFFORCE. */
  readonly queueBytes?: number;
  readonly portSpaceLimit?: number;
}

/** Listens from construction to `close` in the constructing thread's network namespace; never blocks, never throws for a refusal. */
export class ArrivalListener {
  readonly #socket: NetlinkSocket | undefined;
  readonly #bytes = new Uint8Array(RECEIVE_BYTES);
  readonly #words = new Int32Array(this.#bytes.buffer);
  readonly #entry = new ConntrackEntry();
  readonly #decoder = new EntryDecoder(this.#bytes, this.#entry);
  readonly #counter: ArrivalCounter;
  readonly #gaps: Gap[] = [];
  #overruns = 0;

  constructor(options: ArrivalOptions = {}) {
    this.#counter = new ArrivalCounter(options.portSpaceLimit);
    this.#socket = this.#open(options.queueBytes ?? QUEUE_BYTES);
  }

  /** How often the kernel found the queue full (ENOBUFS); each time an unknown number of events was lost. */
  get overruns(): number {
    return this.#overruns;
  }

  /** Reads all events that wait. Call it every 20 ms or so: the queue holds about a second at 100,000 events per second. */
  drain(): void {
    if (this.#socket === undefined) return;
    for (;;) {
      const length = this.#socket.receive(this.#bytes, false);
      if (length === 0) return;
      if (length === 'overrun') this.#overruns += 1;
      else this.#datagram(length);
    }
  }

  /** Drains once more and says what arrived in the window of `seconds`. */
  finish(seconds: number): Reading<FlowArrivals> {
    this.drain();
    const gaps = [...this.#gaps, ...this.#lossGaps()];
    const value = this.#counter.arrivals(seconds, this.#overruns > 0 || this.#socket === undefined);
    return { value, source: 'ctnetlink events', complete: gaps.length === 0, gaps };
  }

  close(): void {
    this.#socket?.close();
  }

  #open(queueBytes: number): NetlinkSocket | undefined {
    let socket: NetlinkSocket | undefined;
    try {
      socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
      socket.setReceiveBuffer(queueBytes);
      socket.join(NFNLGRP_CONNTRACK_NEW);
      socket.join(NFNLGRP_CONNTRACK_DESTROY);
      return socket;
    } catch (error) {
      socket?.close();
      this.#gaps.push(gapFor(errnoOf(error), MISSING));
      return undefined;
    }
  }

  #datagram(length: number): void {
    for (let at = 0; at + NLMSG_HEADER_BYTES + NFGENMSG_BYTES <= length; ) {
      const size = this.#words[at >>> 2] ?? 0;
      if (size < NLMSG_HEADER_BYTES + NFGENMSG_BYTES || at + size > length) return;
      const type = (this.#words[(at >>> 2) + 1] ?? 0) & 0xffff;
      const start = at + NLMSG_HEADER_BYTES + NFGENMSG_BYTES;
      if (isEvent(type) && this.#decoder.decode(start, at + size)) this.#event(type);
      at += (size + 3) & ~3;
    }
  }

  #event(type: number): void {
    if (type === IPCTNL_MSG_CT_DELETE) this.#counter.end(this.#entry);
    else this.#counter.begin(this.#entry);
  }

  #lossGaps(): readonly Gap[] {
    const reasons: string[] = [];
    if (this.#overruns > 0) reasons.push(`ENOBUFS ${this.#overruns} times`);
    if (this.#decoder.unreadable > 0) reasons.push(`${this.#decoder.unreadable} events without tuples`);
    const { unlisted, limit } = this.#counter;
    if (unlisted > 0) reasons.push(`${unlisted} events beyond ${limit} port spaces`);
    if (reasons.length === 0) return [];
    return [{ ...MISSING, what: 'some new flows', why: `${reasons.join(', ')}: counts are lower bounds` }];
  }
}

/** Both carry the tuples and the status; UPDATE is not asked for. */
function isEvent(type: number): boolean {
  return type === IPCTNL_MSG_CT_NEW || type === IPCTNL_MSG_CT_DELETE;
}
