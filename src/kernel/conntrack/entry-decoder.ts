// Turns conntrack messages into ConntrackEntry fields. Fast path: the message's attribute headers equal those of a learnt
// layout of the same length (checked word by word every time), so the fields lie where they lay. Anything else is walked.
import type { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import { ORIG_DESTINATION, ORIG_SOURCE, REPLY_DESTINATION, REPLY_SOURCE } from '../../core/model/conntrack-entry.ts';
import { be16, be32 } from './byte-order.ts';
import { ABSENT, type EntryLayout, walkEntry } from './entry-layout.ts';
import { NO_PLAIN_INFO, plainInfoOf } from './plain-info.ts';
import * as plain from './plain-tuples.ts';

/** A constant of this module, unlike an imported one, is part of the compiled code. */
const NONE = NO_PLAIN_INFO;
const { hasPlainTuples } = plain;

/** Messages of up to this many words can have a learnt layout; the kernel's have 50 to 150. */
const LONGEST_WORDS = 1024;
/** Layouts kept in all; a table has a handful. */
const LAYOUT_LIMIT = 64;

/** A decoder over one receive buffer, whose bytes change under it. */
export class EntryDecoder {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #entry: ConntrackEntry;
  /** By length in bytes >> 2; layouts of one length are chained. */
  readonly #layouts = Array.from<EntryLayout | undefined>({ length: LONGEST_WORDS });
  #learnt = 0;
  /** Attributes that were cut short. */
  truncated = 0;
  /** Messages without two whole tuples. */
  unreadable = 0;

  /** `bytes` must start at a multiple of 4 in its buffer; `entry` is overwritten by each `decode`. */
  constructor(bytes: Uint8Array, entry: ConntrackEntry) {
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.#entry = entry;
  }

  /** Layouts learnt so far. */
  get learnt(): number {
    return this.#learnt;
  }

  /** Reads the attributes between `start` (a multiple of 4) and `stop`. @returns false when they are not an entry. */
  decode(start: number, stop: number): boolean {
    const layout = this.find(start, stop);
    if (layout !== undefined) this.fill(layout, start >>> 2);
    return layout !== undefined;
  }

  /** Where the fields lie between `start` (a multiple of 4) and `stop`; undefined when they are not an entry. */
  find(start: number, stop: number): EntryLayout | undefined {
    const words = this.#words;
    const base = start >>> 2;
    let layout = this.#layouts[(stop - start) >>> 2];
    const isPlain = layout !== undefined && hasPlainTuples(words, base);
    const info = isPlain ? plainInfoOf(words, base) : NONE;
    while (layout !== undefined) {
      if (layout.isPlain === isPlain && layout.plainInfo === info && this.#matches(layout.checks, base)) return layout;
      layout = layout.next;
    }
    return this.#walk(start, stop);
  }

  /** Reads the fields of a layout that was found, the attributes starting at word `base`. */
  fill(layout: EntryLayout, base: number): void {
    if (layout.isPlain) this.#fillPlainTuples(base);
    else this.#fillTuples(layout, base);
    if (layout.isFullTcp) this.#fillTcpInfo(layout, base);
    else this.#fillInfo(layout, base);
  }

  #matches(checks: Int32Array, base: number): boolean {
    const words = this.#words;
    for (let index = 0; index < checks.length; index += 2) {
      if (words[base + (checks[index] ?? 0)] !== checks[index + 1]) return false;
    }
    return true;
  }

  #walk(start: number, stop: number): EntryLayout | undefined {
    const { layout, truncated } = walkEntry(this.#bytes, { start, stop });
    this.truncated += truncated;
    if (!layout.isEntry) {
      this.unreadable += 1;
      return undefined;
    }
    if (truncated === 0) this.#learn(layout, stop - start);
    return layout;
  }

  /** Whole words only: a length that is no multiple of 4 would share the slot of another. */
  #learn(layout: EntryLayout, length: number): void {
    if (this.#learnt >= LAYOUT_LIMIT || length % 4 !== 0 || length >>> 2 >= LONGEST_WORDS) return;
    layout.next = this.#layouts[length >>> 2];
    this.#layouts[length >>> 2] = layout;
    this.#learnt += 1;
  }

  #fillPlainTuples(base: number): void {
    const words = this.#words;
    const entry = this.#entry;
    const addresses = entry.addresses;
    entry.isIpv4 = true;
    addresses[ORIG_SOURCE + 3] = words[base + plain.PLAIN_ORIG_SOURCE] ?? 0;
    addresses[ORIG_DESTINATION + 3] = words[base + plain.PLAIN_ORIG_DESTINATION] ?? 0;
    addresses[REPLY_SOURCE + 3] = words[base + plain.PLAIN_REPLY_SOURCE] ?? 0;
    addresses[REPLY_DESTINATION + 3] = words[base + plain.PLAIN_REPLY_DESTINATION] ?? 0;
    entry.protocol = (words[base + plain.PLAIN_PROTOCOL] ?? 0) & 0xff;
    entry.origSourcePort = be16(words[base + plain.PLAIN_ORIG_SOURCE_PORT] ?? 0);
    entry.origDestinationPort = be16(words[base + plain.PLAIN_ORIG_DESTINATION_PORT] ?? 0);
    entry.replySourcePort = be16(words[base + plain.PLAIN_REPLY_SOURCE_PORT] ?? 0);
    entry.replyDestinationPort = be16(words[base + plain.PLAIN_REPLY_DESTINATION_PORT] ?? 0);
  }

  #fillTuples(layout: EntryLayout, base: number): void {
    const entry = this.#entry;
    this.#fillAddresses(layout, base);
    entry.protocol = this.#word(layout.protocol, base) & 0xff;
    entry.origSourcePort = be16(this.#word(layout.origSourcePort, base));
    entry.origDestinationPort = be16(this.#word(layout.origDestinationPort, base));
    entry.replySourcePort = be16(this.#word(layout.replySourcePort, base));
    entry.replyDestinationPort = be16(this.#word(layout.replyDestinationPort, base));
  }

  #fillAddresses(layout: EntryLayout, base: number): void {
    const words = this.#words;
    const addresses = this.#entry.addresses;
    this.#entry.isIpv4 = layout.isIpv4;
    const first = layout.isIpv4 ? 3 : 0;
    for (let word = first; word < 4; word += 1) {
      const from = base + word - first;
      addresses[ORIG_SOURCE + word] = words[from + layout.origSource] ?? 0;
      addresses[ORIG_DESTINATION + word] = words[from + layout.origDestination] ?? 0;
      addresses[REPLY_SOURCE + word] = words[from + layout.replySource] ?? 0;
      addresses[REPLY_DESTINATION + word] = words[from + layout.replyDestination] ?? 0;
    }
  }

  /** TCP with all that is asked of it: written out, since it runs for nearly every entry and inlining is bounded. */
  #fillTcpInfo(layout: EntryLayout, base: number): void {
    const words = this.#words;
    const entry = this.#entry;
    entry.status = be32(words[base + layout.status] ?? 0);
    entry.timeoutSeconds = be32(words[base + layout.timeout] ?? 0);
    entry.id = be32(words[base + layout.id] ?? 0);
    entry.tcpState = (words[base + layout.tcpState] ?? 0) & 0xff;
    entry.origTcpFlags = (words[base + layout.origTcpFlags] ?? 0) & 0xff;
    entry.replyTcpFlags = (words[base + layout.replyTcpFlags] ?? 0) & 0xff;
    entry.origZone = 0;
    entry.replyZone = 0;
  }

  #fillInfo(layout: EntryLayout, base: number): void {
    const entry = this.#entry;
    entry.status = be32(this.#word(layout.status, base));
    entry.timeoutSeconds = be32(this.#word(layout.timeout, base));
    entry.id = be32(this.#word(layout.id, base));
    entry.tcpState = this.#word(layout.tcpState, base) & 0xff;
    entry.origTcpFlags = this.#word(layout.origTcpFlags, base) & 0xff;
    entry.replyTcpFlags = this.#word(layout.replyTcpFlags, base) & 0xff;
    entry.origZone = be16(this.#word(layout.origZone, base));
    entry.replyZone = be16(this.#word(layout.replyZone, base));
  }

  /** The word at an offset of the layout, 0 when the attribute is absent. */
  #word(offset: number, base: number): number {
    return offset === ABSENT ? 0 : (this.#words[base + offset] ?? 0);
  }
}
