// Turns conntrack messages into ConntrackEntry fields. Fast path: the message's attribute headers equal those of a learnt
// layout of the same length (checked word by word every time), so the fields lie where they lay. Anything else is walked.
import type { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import { ORIG_DESTINATION, ORIG_SOURCE, REPLY_DESTINATION, REPLY_SOURCE } from '../../core/model/conntrack-entry.ts';
import { ABSENT, type EntryLayout, walkEntry } from './entry-layout.ts';

/** Layouts kept per message length; the kernel sends one or two. */
const LAYOUTS_PER_LENGTH = 4;
/** Layouts kept in all. */
const LAYOUT_LIMIT = 256;

/** A decoder over one receive buffer, whose bytes change under it. */
export class EntryDecoder {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #entry: ConntrackEntry;
  readonly #layouts: (EntryLayout[] | undefined)[] = [];
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
    const layout = this.#known(start, stop) ?? this.#walk(start, stop);
    if (layout === undefined) return false;
    this.#fill(layout, start);
    return true;
  }

  #known(start: number, stop: number): EntryLayout | undefined {
    const candidates = this.#layouts[stop - start];
    if (candidates === undefined) return undefined;
    for (let index = 0; index < candidates.length; index += 1) {
      const layout = candidates[index];
      if (layout !== undefined && this.#matches(layout.checks, start >>> 2)) return layout;
    }
    return undefined;
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

  #learn(layout: EntryLayout, length: number): void {
    if (this.#learnt >= LAYOUT_LIMIT) return;
    const known = (this.#layouts[length] ??= []);
    if (known.length >= LAYOUTS_PER_LENGTH) return;
    known.push(layout);
    this.#learnt += 1;
  }

  #fill(layout: EntryLayout, at: number): void {
    const entry = this.#entry;
    this.#fillAddresses(layout, at);
    entry.protocol = this.#bytes[at + layout.protocol] ?? 0;
    entry.origSourcePort = this.#be16(layout.origSourcePort, at);
    entry.origDestinationPort = this.#be16(layout.origDestinationPort, at);
    entry.replySourcePort = this.#be16(layout.replySourcePort, at);
    entry.replyDestinationPort = this.#be16(layout.replyDestinationPort, at);
    entry.origZone = this.#be16(layout.origZone, at);
    entry.replyZone = this.#be16(layout.replyZone, at);
    entry.status = this.#be32(layout.status, at);
    entry.timeoutSeconds = this.#be32(layout.timeout, at);
    entry.id = this.#be32(layout.id, at);
    entry.tcpState = this.#u8(layout.tcpState, at);
    entry.origTcpFlags = this.#u8(layout.origTcpFlags, at);
    entry.replyTcpFlags = this.#u8(layout.replyTcpFlags, at);
  }

  #fillAddresses(layout: EntryLayout, at: number): void {
    const words = this.#words;
    const addresses = this.#entry.addresses;
    this.#entry.isIpv4 = layout.isIpv4;
    if (layout.isIpv4) {
      addresses[ORIG_SOURCE + 3] = words[(at + layout.origSource) >>> 2] ?? 0;
      addresses[ORIG_DESTINATION + 3] = words[(at + layout.origDestination) >>> 2] ?? 0;
      addresses[REPLY_SOURCE + 3] = words[(at + layout.replySource) >>> 2] ?? 0;
      addresses[REPLY_DESTINATION + 3] = words[(at + layout.replyDestination) >>> 2] ?? 0;
      return;
    }
    for (let word = 0; word < 4; word += 1) {
      addresses[ORIG_SOURCE + word] = words[((at + layout.origSource) >>> 2) + word] ?? 0;
      addresses[ORIG_DESTINATION + word] = words[((at + layout.origDestination) >>> 2) + word] ?? 0;
      addresses[REPLY_SOURCE + word] = words[((at + layout.replySource) >>> 2) + word] ?? 0;
      addresses[REPLY_DESTINATION + word] = words[((at + layout.replyDestination) >>> 2) + word] ?? 0;
    }
  }

  #u8(offset: number, at: number): number {
    return offset === ABSENT ? 0 : (this.#bytes[at + offset] ?? 0);
  }

  #be16(offset: number, at: number): number {
    if (offset === ABSENT) return 0;
    return ((this.#bytes[at + offset] ?? 0) << 8) | (this.#bytes[at + offset + 1] ?? 0);
  }

  /** Signed: the caller's columns are unsigned and store the same bits. */
  #be32(offset: number, at: number): number {
    if (offset === ABSENT) return 0;
    return (this.#be16(offset, at) << 16) | this.#be16(offset + 2, at);
  }
}
