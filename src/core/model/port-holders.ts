// Decides which conntrack entries hold a port of this node, in which port space, and hands them to whoever keeps them.
// The kernel finds a candidate port taken when any entry's tuple, in either direction, equals it (nf_conntrack_tuple_taken).
import { AddressTable } from './address-table.ts';
import {
  type ConntrackEntry,
  IPS_SRC_NAT,
  ORIG_DESTINATION,
  ORIG_SOURCE,
  REPLY_DESTINATION,
  REPLY_SOURCE,
} from './conntrack-entry.ts';
import { parseAddress } from './address.ts';
import { type FlowTableBuilder, type FlowValues, newFlowValues } from './flow-table-builder.ts';
import { INBOUND, REMOTE_CLOSED_FIRST, packStatus } from './flow-status.ts';
import { type PortSpaceKey, newPortSpaceKey } from './port-space-table.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from './protocol.ts';

/** IP_CT_TCP_FLAG_CLOSE_INIT: this direction's FIN moved the entry to FIN_WAIT (tcp_packet, nf_conntrack_proto_tcp.c). */
export const CLOSE_INIT = 0x04;

/** How many addresses of passed-over entries are remembered; beyond that a second pass is assumed to be needed. */
const PASSED_OVER_LIMIT = 65_536;

/** Only SNATed entries, only the others, or all. */
export type EntrySelection = 'snat' | 'not-snat' | undefined;

/** What became of the entries that were shown. */
export interface EntryCounts {
  entries: number;
  /** Kept neither as SNATed, host-owned nor inbound: forwarded traffic that holds no port of this node. */
  forwarded: number;
  /** Of a protocol whose NAT spends no port (not TCP, UDP, SCTP, ICMP, ICMPv6). */
  otherProtocol: number;
  /** 127/8 to 127/8, ::1 to ::1. */
  loopback: number;
  /** Outside the selection: the kernel did not filter. */
  unselected: number;
}

/** Who keeps the flows: a table that is built once, or one that is kept up to date. */
export interface FlowSink {
  /** Where addresses get their rows. */
  readonly addresses: AddressTable;
  /** Takes one flow; key and flow are overwritten afterwards. */
  add(key: PortSpaceKey, flow: FlowValues): void;
}

/** A sieve in front of one sink. */
export class PortHolders<Sink extends FlowSink = FlowTableBuilder> {
  readonly counts: EntryCounts = { entries: 0, forwarded: 0, otherProtocol: 0, loopback: 0, unselected: 0 };
  /** What is kept goes here. */
  readonly builder: Sink;
  readonly #only: EntrySelection;
  readonly #local = new AddressTable();
  /** SNAT addresses that are not local: the node answers for them all the same. */
  readonly #borrowed = new AddressTable();
  readonly #passedOver = new AddressTable();
  readonly #key = newPortSpaceKey();
  readonly #flow = newFlowValues();
  #secondPass = false;
  #lastSnatAddress = -1;

  constructor(builder: Sink, options: { localAddresses: readonly string[]; only?: EntrySelection }) {
    this.builder = builder;
    this.#only = options.only;
    for (const text of options.localAddresses) addText(this.#local, text);
  }

  /**
   * Whether entries went by that belong to a SNAT address which was not known yet: show all entries once more after
   * `beginSecondPass`. Happens only when a SNAT address is not local and has traffic of its own.
   */
  get needsSecondPass(): boolean {
    if (this.#secondPass || this.#only !== undefined || this.#borrowed.count === 0) return false;
    if (this.#passedOver.count >= PASSED_OVER_LIMIT) return true;
    const borrowed = new Int32Array(this.#borrowed.bytes.buffer);
    for (let row = 0; row < this.#borrowed.count; row += 1) if (this.#passedOver.has(borrowed, row * 4)) return true;
    return false;
  }

  /** From now on only the entries of borrowed addresses are kept: the first pass kept all others. */
  beginSecondPass(): void {
    this.#secondPass = true;
  }

  /** Whether a SNATed entry of TCP, UDP or SCTP would be kept. */
  get takesTranslated(): boolean {
    return !this.#secondPass && this.#only !== 'not-snat';
  }

  /** For those who add SNATed entries to the builder themselves: notes the address they leave with. */
  noteIpv4SnatAddress(word: number): void {
    if (!this.#local.hasIpv4(word)) this.#borrowed.rowOfIpv4(word);
  }

  /**
   * Counts an entry of TCP, UDP or SCTP that is not SNATed when it is sure to be passed over, by its ORIGINAL addresses:
   * those passed over before are not local. @returns false when it must be shown.
   */
  passesOverIpv4(source: number, destination: number): boolean {
    if (this.#secondPass || (source & FIRST_BYTE) === NET_127) return false;
    if (!this.#passedOver.hasIpv4(source) || !this.#passedOver.hasIpv4(destination)) return false;
    this.counts.entries += 1;
    this.counts.forwarded += 1;
    return true;
  }

  /** Shows one entry; it is not kept by reference. */
  take(entry: ConntrackEntry): void {
    const isSnat = (entry.status & IPS_SRC_NAT) !== 0;
    if (!this.#secondPass) this.counts.entries += 1;
    if (this.#only !== undefined && isSnat !== (this.#only === 'snat')) this.counts.unselected += 1;
    else if (!spendsPort(entry.protocol)) this.#count('otherProtocol');
    else if (!isSnat) this.#takeOther(entry);
    else if (!this.#secondPass) this.#addOutbound(entry);
  }

  #takeOther(entry: ConntrackEntry): void {
    const own = this.#secondPass ? this.#borrowed : this.#local;
    if (isLoopback(entry)) this.#count('loopback');
    else if (this.#secondPass && this.#isLocal(entry)) return;
    else if (this.#has(own, entry, ORIG_SOURCE)) this.#addOutbound(entry);
    else if (this.#has(own, entry, ORIG_DESTINATION) && !isEcho(entry.protocol)) this.#addInbound(entry);
    else this.#passOver(entry);
  }

  #isLocal(entry: ConntrackEntry): boolean {
    return this.#has(this.#local, entry, ORIG_SOURCE) || this.#has(this.#local, entry, ORIG_DESTINATION);
  }

  /** The REPLY tuple holds the port: SNATed and host-owned entries. */
  #addOutbound(entry: ConntrackEntry): void {
    const key = this.#key;
    const flow = this.#flow;
    const words = entry.addresses;
    const addresses = this.builder.addresses;
    key.zone = entry.replyZone;
    key.protocol = entry.protocol;
    key.remotePort = entry.replySourcePort;
    if (entry.isIpv4) {
      key.snatAddress = addresses.rowOfIpv4(words[REPLY_DESTINATION + 3] ?? 0);
      key.remoteAddress = addresses.rowOfIpv4(words[REPLY_SOURCE + 3] ?? 0);
      flow.source = addresses.rowOfIpv4(words[ORIG_SOURCE + 3] ?? 0);
    } else {
      key.snatAddress = addresses.rowOf(words, REPLY_DESTINATION);
      key.remoteAddress = addresses.rowOf(words, REPLY_SOURCE);
      flow.source = addresses.rowOf(words, ORIG_SOURCE);
    }
    if (key.snatAddress !== this.#lastSnatAddress) this.#noteSnatAddress(entry, key.snatAddress);
    flow.port = entry.replyDestinationPort;
    flow.status = packStatus(entry.status) | ((entry.replyTcpFlags & CLOSE_INIT) !== 0 ? REMOTE_CLOSED_FIRST : 0);
    this.#add(entry);
  }

  #noteSnatAddress(entry: ConntrackEntry, row: number): void {
    this.#lastSnatAddress = row;
    if (!this.#has(this.#local, entry, REPLY_DESTINATION)) this.#rowOf(this.#borrowed, entry, REPLY_DESTINATION);
  }

  /** The ORIGINAL tuple holds the port. An inbound echo request has another ICMP type, so it holds no identifier. */
  #addInbound(entry: ConntrackEntry): void {
    const key = this.#key;
    const flow = this.#flow;
    const addresses = this.builder.addresses;
    key.zone = entry.origZone;
    key.protocol = entry.protocol;
    key.snatAddress = this.#rowOf(addresses, entry, ORIG_DESTINATION);
    key.remoteAddress = this.#rowOf(addresses, entry, ORIG_SOURCE);
    key.remotePort = entry.origSourcePort;
    flow.source = key.remoteAddress;
    flow.port = entry.origDestinationPort;
    const closedFirst = (entry.origTcpFlags & CLOSE_INIT) !== 0 ? REMOTE_CLOSED_FIRST : 0;
    flow.status = packStatus(entry.status) | closedFirst | INBOUND;
    this.#add(entry);
  }

  #add(entry: ConntrackEntry): void {
    const flow = this.#flow;
    flow.sourcePort = entry.origSourcePort;
    flow.timeoutSeconds = entry.timeoutSeconds;
    flow.id = entry.id;
    flow.tcpState = entry.tcpState;
    this.builder.add(this.#key, flow);
  }

  #passOver(entry: ConntrackEntry): void {
    this.#count('forwarded');
    if (this.#only !== undefined || this.#passedOver.count >= PASSED_OVER_LIMIT) return;
    this.#rowOf(this.#passedOver, entry, ORIG_SOURCE);
    if (!isEcho(entry.protocol)) this.#rowOf(this.#passedOver, entry, ORIG_DESTINATION);
  }

  #count(what: 'otherProtocol' | 'loopback' | 'forwarded'): void {
    if (!this.#secondPass) this.counts[what] += 1;
  }

  #rowOf(table: AddressTable, entry: ConntrackEntry, at: number): number {
    return entry.isIpv4 ? table.rowOfIpv4(entry.addresses[at + 3] ?? 0) : table.rowOf(entry.addresses, at);
  }

  #has(table: AddressTable, entry: ConntrackEntry, at: number): boolean {
    return entry.isIpv4 ? table.hasIpv4(entry.addresses[at + 3] ?? 0) : table.has(entry.addresses, at);
  }
}

function spendsPort(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP || isEcho(protocol);
}

function isEcho(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

/** Both ends are this machine's loopback: no port of a node address is held. */
function isLoopback(entry: ConntrackEntry): boolean {
  return isLoopbackAddress(entry, ORIG_SOURCE) && isLoopbackAddress(entry, ORIG_DESTINATION);
}

const LOOPBACK_WORD = new Int32Array(Uint8Array.of(0, 0, 0, 1).buffer)[0] ?? 0;
const FIRST_BYTE = new Int32Array(Uint8Array.of(255, 0, 0, 0).buffer)[0] ?? 0;
const NET_127 = new Int32Array(Uint8Array.of(127, 0, 0, 0).buffer)[0] ?? 0;

function isLoopbackAddress(entry: ConntrackEntry, at: number): boolean {
  const words = entry.addresses;
  if (entry.isIpv4) return ((words[at + 3] ?? 0) & FIRST_BYTE) === NET_127;
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === LOOPBACK_WORD;
}

function addText(table: AddressTable, text: string): void {
  const bytes = parseAddress(text);
  if (bytes !== undefined) table.rowOf(new Int32Array(bytes.buffer, bytes.byteOffset, 4), 0);
}
