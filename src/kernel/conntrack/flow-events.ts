// Conntrack NEW and DESTROY events with all that they carry, one entry after the other into the same place, drained when the
// caller finds time. Losses are counted, never silent.
import { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import type { Gap } from '../../core/model/gap.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../netlink/netlink-socket.ts';
import { ReceiveBatch, SLOT_BYTES } from '../netlink/receive-batch.ts';
import { errnoOf, gapFor } from './conntrack-gap.ts';
import {
  IPCTNL_MSG_CT_DELETE,
  IPCTNL_MSG_CT_NEW,
  NFGENMSG_BYTES,
  NFNLGRP_CONNTRACK_DESTROY,
  NFNLGRP_CONNTRACK_NEW,
} from './ctnetlink.ts';
import { EntryDecoder } from './entry-decoder.ts';
import { eventFilter } from './event-filter.ts';

/** Where a conntrack message's attributes start. */
const ENTRY_OFFSET = 16 + NFGENMSG_BYTES;
/** Constants of this module, unlike imported ones, are part of the compiled code. */
const BEGIN = IPCTNL_MSG_CT_NEW;
const END = IPCTNL_MSG_CT_DELETE;

/** An event costs about 1 KiB of queue, so 64 MiB hold 130,000 (the kernel doubles what is asked). */
const QUEUE_BYTES = 64 * 1024 * 1024;

const MISSING = {
  id: 'events',
  what: 'flows as they begin and end',
  weakens: 'how current the ports in use are, and new flows per second',
} as const;

export interface FlowEventOptions {
  /** SO_RCVBUFFORCE. */
  readonly queueBytes?: number;
  /** Canonical text: events of entries that are neither SNATed nor from or to these stay in the kernel. */
  readonly ownAddresses: readonly string[];
}

/** Called for each event; the entry is overwritten by the next. */
export type FlowEventVisitor = (entry: ConntrackEntry, isEnd: boolean) => void;

/** Listens from construction to `close` in the constructing thread's network namespace; never blocks, never throws for a refusal. */
export class FlowEvents {
  readonly #socket: NetlinkSocket | undefined;
  readonly #batch = new ReceiveBatch();
  readonly #words = new Int32Array(this.#batch.bytes.buffer);
  readonly #entry = new ConntrackEntry();
  readonly #decoder = new EntryDecoder(this.#batch.bytes, this.#entry);
  readonly #visit: FlowEventVisitor;
  #gap: Gap | undefined;
  #isFiltered = false;
  #events = 0;
  #overruns = 0;
  #cut = 0;

  constructor(options: FlowEventOptions, visit: FlowEventVisitor) {
    this.#visit = visit;
    this.#socket = this.#open(options);
  }

  /** Why nothing can be heard; undefined when all is well. */
  get gap(): Gap | undefined {
    return this.#gap;
  }

  /** Events read. */
  get events(): number {
    return this.#events;
  }

  /** How often the kernel found the queue full (ENOBUFS); each time an unknown number of events was lost. */
  get overruns(): number {
    return this.#overruns;
  }

  /** Events without two whole tuples, and what was cut short. */
  get unreadable(): number {
    return this.#decoder.unreadable + this.#decoder.truncated + this.#cut;
  }

  /** Whether the kernel leaves out events of flows that hold no port of this node. */
  get isFiltered(): boolean {
    return this.#isFiltered;
  }

  /** Puts another filter in place of the last, in one step. */
  filter(ownAddresses: readonly string[]): void {
    const program = eventFilter(ownAddresses);
    if (this.#socket === undefined) return;
    this.#isFiltered = program !== undefined && this.#socket.attachFilter(program);
    if (program === undefined) this.#socket.detachFilter();
  }

  /** Reads all events that wait, or the first `most`. @returns how many. */
  drain(most = Number.POSITIVE_INFINITY): number {
    const before = this.#events;
    if (this.#socket === undefined) return 0;
    while (this.#events - before < most) {
      const count = this.#socket.receiveMany(this.#batch);
      if (count === 'overrun') this.#overruns += 1;
      else if (count === 0) break;
      else this.#take(count);
    }
    this.#batch.release();
    return this.#events - before;
  }

  close(): void {
    this.#socket?.close();
  }

  #open({ queueBytes = QUEUE_BYTES, ownAddresses }: FlowEventOptions): NetlinkSocket | undefined {
    let socket: NetlinkSocket | undefined;
    try {
      socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
      socket.setReceiveBuffer(queueBytes);
      const program = eventFilter(ownAddresses);
      this.#isFiltered = program !== undefined && socket.attachFilter(program);
      socket.join(NFNLGRP_CONNTRACK_NEW);
      socket.join(NFNLGRP_CONNTRACK_DESTROY);
      return socket;
    } catch (error) {
      socket?.close();
      this.#gap = gapFor(errnoOf(error), MISSING);
      return undefined;
    }
  }

  #take(count: number): void {
    for (let slot = 0; slot < count; slot += 1) {
      if (this.#batch.isCut(slot)) this.#cut += 1;
      const start = slot * SLOT_BYTES;
      this.#datagram(start, start + Math.min(SLOT_BYTES, this.#batch.lengthOf(slot)));
    }
  }

  #datagram(start: number, stop: number): void {
    const words = this.#words;
    for (let at = start; at + ENTRY_OFFSET <= stop; ) {
      const size = words[at >>> 2] ?? 0;
      if (size < ENTRY_OFFSET || at + size > stop) return;
      const type = (words[(at >>> 2) + 1] ?? 0) & 0xffff;
      if (type === BEGIN || type === END) {
        this.#events += 1;
        if (this.#decoder.decode(at + ENTRY_OFFSET, at + size)) this.#visit(this.#entry, type === END);
      }
      at += (size + 3) & ~3;
    }
  }
}
