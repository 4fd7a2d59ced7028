// Counts new SNATed flows per port space, and ended ones, from conntrack NEW and DESTROY events, drained when the caller finds time.
import { AddressTable } from '../../core/model/address-table.ts';
import { formatAddress } from '../../core/model/address.ts';
import type { FlowArrivals, NewFlows } from '../../core/model/churn.ts';
import { ConntrackEntry, IPS_SRC_NAT, REPLY_DESTINATION, REPLY_SOURCE } from '../../core/model/conntrack-entry.ts';
import type { PortSpaceColumns } from '../../core/model/flow-table.ts';
import type { Gap } from '../../core/model/gap.ts';
import { PortSpaceTable, newPortSpaceKey } from '../../core/model/port-space-table.ts';
import { isCharted } from '../../core/model/protocol.ts';
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

/** Port spaces listed; events of further ones count in the total only. */
const PORT_SPACE_LIMIT = 65_536;

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
  readonly #addresses = new AddressTable();
  readonly #portSpaceLimit: number;
  readonly #portSpaces: PortSpaceTable;
  readonly #key = newPortSpaceKey();
  readonly #gaps: Gap[] = [];
  #lowestPort = new Uint16Array(64);
  #highestPort = new Uint16Array(64);
  #total = 0;
  #ended = 0;
  #unlisted = 0;
  #overruns = 0;

  constructor(options: ArrivalOptions = {}) {
    this.#portSpaceLimit = options.portSpaceLimit ?? PORT_SPACE_LIMIT;
    this.#portSpaces = new PortSpaceTable(this.#portSpaceLimit);
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
    const lossy = this.#overruns > 0 || this.#unlisted > 0 || this.#socket === undefined;
    const columns = this.#portSpaces.columns();
    const portSpaces = Array.from({ length: this.#portSpaces.count }, (_, row) => this.#newFlows(row, columns));
    const gaps = [...this.#gaps, ...this.#lossGaps()];
    const value = { seconds, portSpaces, total: this.#total, ended: this.#ended, lossy };
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
    const entry = this.#entry;
    if ((entry.status & IPS_SRC_NAT) === 0 || !isCharted(entry.protocol)) return;
    if (type === IPCTNL_MSG_CT_DELETE) this.#ended += 1;
    else this.#count(entry);
  }

  #count(entry: ConntrackEntry): void {
    this.#total += 1;
    const row = this.#rowOf(entry);
    if (row < 0) this.#unlisted += 1;
    else this.#notePort(row, entry.replyDestinationPort);
  }

  #rowOf(entry: ConntrackEntry): number {
    const key = this.#key;
    if (this.#isFull && !this.#isKnown(entry)) return -1;
    key.zone = entry.replyZone;
    key.protocol = entry.protocol;
    key.snatAddress = this.#addressRow(entry, REPLY_DESTINATION);
    key.remoteAddress = this.#addressRow(entry, REPLY_SOURCE);
    key.remotePort = entry.replySourcePort;
    return this.#portSpaces.rowOf(key);
  }

  get #isFull(): boolean {
    return this.#portSpaces.count >= this.#portSpaceLimit;
  }

  /** Beyond the limit no address is added either, so memory stays bounded. */
  #isKnown(entry: ConntrackEntry): boolean {
    const words = entry.addresses;
    const table = this.#addresses;
    if (!entry.isIpv4) return table.has(words, REPLY_DESTINATION) && table.has(words, REPLY_SOURCE);
    return table.hasIpv4(words[REPLY_DESTINATION + 3] ?? 0) && table.hasIpv4(words[REPLY_SOURCE + 3] ?? 0);
  }

  #addressRow(entry: ConntrackEntry, at: number): number {
    const addresses = this.#addresses;
    return entry.isIpv4 ? addresses.rowOfIpv4(entry.addresses[at + 3] ?? 0) : addresses.rowOf(entry.addresses, at);
  }

  #notePort(row: number, port: number): void {
    if (row >= this.#lowestPort.length) {
      this.#lowestPort = doubled(this.#lowestPort);
      this.#highestPort = doubled(this.#highestPort);
    }
    const isFirst = this.#portSpaces.flowsOf(row) === 1;
    if (isFirst || port < (this.#lowestPort[row] ?? 0)) this.#lowestPort[row] = port;
    if (isFirst || port > (this.#highestPort[row] ?? 0)) this.#highestPort[row] = port;
  }

  #newFlows(row: number, columns: PortSpaceColumns): NewFlows {
    const { zone, protocol, snatAddress, remoteAddress, remotePort, flows } = columns;
    return {
      protocol: protocol[row] ?? 0,
      snatAddress: this.#text(snatAddress[row] ?? 0),
      remoteAddress: this.#text(remoteAddress[row] ?? 0),
      remotePort: remotePort[row] ?? 0,
      zone: zone[row] ?? 0,
      count: flows[row] ?? 0,
      lowestPort: this.#lowestPort[row] ?? 0,
      highestPort: this.#highestPort[row] ?? 0,
    };
  }

  #text(row: number): string {
    return formatAddress(this.#addresses.bytes.subarray(row * 16, row * 16 + 16));
  }

  #lossGaps(): readonly Gap[] {
    const reasons: string[] = [];
    if (this.#overruns > 0) reasons.push(`ENOBUFS ${this.#overruns} times`);
    if (this.#decoder.unreadable > 0) reasons.push(`${this.#decoder.unreadable} events without tuples`);
    if (this.#unlisted > 0) reasons.push(`${this.#unlisted} events beyond ${this.#portSpaceLimit} port spaces`);
    if (reasons.length === 0) return [];
    return [{ ...MISSING, what: 'some new flows', why: `${reasons.join(', ')}: counts are lower bounds` }];
  }
}

/** Both carry the tuples and the status; UPDATE is not asked for. */
function isEvent(type: number): boolean {
  return type === IPCTNL_MSG_CT_NEW || type === IPCTNL_MSG_CT_DELETE;
}

function doubled(old: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const grown = new Uint16Array(old.length * 2);
  grown.set(old);
  return grown;
}
