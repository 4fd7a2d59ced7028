// The short way from a message to the table for what a node mostly has: SNATed IPv4 entries with ports, in plain tuples.
// Raw words find the port space and go straight to the columns. It keeps and counts exactly what PortHolders.take would.
import { IPS_SRC_NAT } from '../../core/model/conntrack-entry.ts';
import { REMOTE_CLOSED_FIRST, packStatus } from '../../core/model/flow-status.ts';
import type { FlowTableBuilder } from '../../core/model/flow-table-builder.ts';
import { finishHash } from '../../core/model/integer-hash.ts';
import { CLOSE_INIT, type PortHolders } from '../../core/model/port-holders.ts';
import { newPortSpaceKey } from '../../core/model/port-space-table.ts';
import { SCTP, TCP, UDP } from '../../core/model/protocol.ts';
import { be16, be32 } from './byte-order.ts';
import { ABSENT, type EntryLayout } from './entry-layout.ts';
import * as plain from './plain-tuples.ts';

// An imported constant is loaded from its module at every use; one of this module is part of the compiled code.
const {
  PLAIN_ORIG_DESTINATION: ORIG_DESTINATION,
  PLAIN_ORIG_SOURCE: ORIG_SOURCE,
  PLAIN_ORIG_SOURCE_PORT: ORIG_SOURCE_PORT,
  PLAIN_PROTOCOL: PROTOCOL,
  PLAIN_REPLY_DESTINATION: REPLY_DESTINATION,
  PLAIN_REPLY_DESTINATION_PORT: REPLY_DESTINATION_PORT,
  PLAIN_REPLY_SOURCE: REPLY_SOURCE,
  PLAIN_REPLY_SOURCE_PORT: REPLY_SOURCE_PORT,
} = plain;
const SNATED = IPS_SRC_NAT;
const CLOSED_BY_REMOTE = REMOTE_CLOSED_FIRST;
const CLOSED_FIRST = CLOSE_INIT;
const TCP_NUMBER = TCP;
const UDP_NUMBER = UDP;
const SCTP_NUMBER = SCTP;
const NOWHERE = ABSENT;

// A slot of the cache: remote address, SNAT address, protocol << 16 | remote port, all as they lie in the message; port space + 1.
const SLOT_WORDS = 4;
const SNAT_ADDRESS = 1;
const PORT_AND_PROTOCOL = 2;
const PORT_SPACE = 3;
const SLOTS = 4096;

/** Adds messages of one receive buffer to the builder behind a sieve. */
export class TranslatedFlows {
  readonly #words: Int32Array;
  readonly #holders: PortHolders;
  readonly #builder: FlowTableBuilder;
  /** The port spaces met last; one cache line a look-up instead of one each for two addresses and a port space. */
  readonly #cache = new Int32Array(SLOTS * SLOT_WORDS);
  readonly #key = newPortSpaceKey();

  constructor(words: Int32Array, holders: PortHolders) {
    this.#words = words;
    this.#holders = holders;
    this.#builder = holders.builder;
  }

  /**
   * Takes the message of a layout that `isDirect`, its attributes from word `base` on. One function on purpose: it runs for
   * every entry, what the engine inlines is bounded, and split in three it takes 12 ns more.
   * @returns false when it must go the long way; nothing was counted then.
   */
  take(layout: EntryLayout, base: number): boolean {
    const words = this.#words;
    const protocol = (words[base + PROTOCOL] ?? 0) & 0xff;
    if (protocol !== TCP_NUMBER && protocol !== UDP_NUMBER && protocol !== SCTP_NUMBER) return false;
    const status = be32(words[base + layout.status] ?? 0);
    if ((status & SNATED) === 0) return this.#passOver(base);
    const holders = this.#holders;
    if (!holders.takesTranslated) return false;
    const remote = words[base + REPLY_SOURCE] ?? 0;
    const snat = words[base + REPLY_DESTINATION] ?? 0;
    const portAndProtocol = ((words[base + REPLY_SOURCE_PORT] ?? 0) & 0xffff) | (protocol << 16);
    const cache = this.#cache;
    const slot = (finishHash(remote ^ Math.imul(portAndProtocol, 0x9e3779b1)) & (SLOTS - 1)) * SLOT_WORDS;
    if (
      cache[slot] !== remote ||
      cache[slot + PORT_AND_PROTOCOL] !== portAndProtocol ||
      cache[slot + SNAT_ADDRESS] !== snat
    ) {
      cache[slot] = remote;
      cache[slot + SNAT_ADDRESS] = snat;
      cache[slot + PORT_AND_PROTOCOL] = portAndProtocol;
      this.#learn(slot);
    }
    const builder = this.#builder;
    const columns = builder.columns;
    const row = builder.count;
    columns.portSpace[row] = (cache[slot + PORT_SPACE] ?? 0) - 1;
    columns.source[row] = builder.addresses.rowOfIpv4(words[base + ORIG_SOURCE] ?? 0);
    columns.timeoutSeconds[row] = be32(words[base + layout.timeout] ?? 0);
    columns.id[row] = be32(words[base + layout.id] ?? 0);
    columns.port[row] = be16(words[base + REPLY_DESTINATION_PORT] ?? 0);
    columns.sourcePort[row] = be16(words[base + ORIG_SOURCE_PORT] ?? 0);
    let packed = packStatus(status);
    let state = 0;
    if (layout.tcpState !== NOWHERE) {
      state = (words[base + layout.tcpState] ?? 0) & 0xff;
      if (((words[base + layout.replyTcpFlags] ?? 0) & CLOSED_FIRST) !== 0) packed |= CLOSED_BY_REMOTE;
    }
    columns.tcpState[row] = state;
    columns.status[row] = packed;
    holders.counts.entries += 1;
    builder.commit();
    return true;
  }

  /** Fills the slot's port space from its key; the address rows come in the order of the long way. */
  #learn(slot: number): void {
    const cache = this.#cache;
    const key = this.#key;
    const addresses = this.#builder.addresses;
    const snatAddress = cache[slot + SNAT_ADDRESS] ?? 0;
    const portAndProtocol = cache[slot + PORT_AND_PROTOCOL] ?? 0;
    key.protocol = portAndProtocol >>> 16;
    key.remotePort = be16(portAndProtocol);
    key.snatAddress = addresses.rowOfIpv4(snatAddress);
    key.remoteAddress = addresses.rowOfIpv4(cache[slot] ?? 0);
    this.#holders.noteIpv4SnatAddress(snatAddress);
    cache[slot + PORT_SPACE] = this.#builder.portSpaceRow(key) + 1;
  }

  #passOver(base: number): boolean {
    const words = this.#words;
    return this.#holders.passesOverIpv4(words[base + ORIG_SOURCE] ?? 0, words[base + ORIG_DESTINATION] ?? 0);
  }
}
