// Reads the datagrams of one ctnetlink dump: finds the messages, decodes each and shows it to the sieve. Knows how a dump ends.
import { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import type { PortHolders } from '../../core/model/port-holders.ts';
import { RECEIVE_BYTES } from '../netlink/netlink-socket.ts';
import { IPCTNL_MSG_CT_NEW, NFGENMSG_BYTES } from './ctnetlink.ts';
import { EntryDecoder } from './entry-decoder.ts';
import { TranslatedFlows } from './translated-flows.ts';

const NLMSG_HEADER_BYTES = 16;
/** Where a conntrack message's attributes start. */
const ENTRY_OFFSET = NLMSG_HEADER_BYTES + NFGENMSG_BYTES;
/** A constant of this module, unlike an imported one, is part of the compiled code. */
const ENTRY_TYPE = IPCTNL_MSG_CT_NEW;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_DUMP_INTR = 0x10;

/** What went wrong in a dump, as counts; all zero for a whole one. */
export interface DumpFaults {
  /** Messages flagged NLM_F_DUMP_INTR. */
  interrupted: number;
  /** ENOBUFS: the kernel could not queue an answer. */
  overruns: number;
  /** Datagrams that end inside a message. */
  cutShort: number;
  /** Attributes cut short. */
  truncated: number;
  /** Messages without two whole tuples. */
  unreadable: number;
  /** Messages of another type or without room for a header. */
  unknown: number;
}

/** One dump's reader; `bytes` is the buffer to receive into. */
export class DumpReader {
  readonly bytes: Uint8Array;
  /** NLMSG_DONE or NLMSG_ERROR was read. */
  ended = false;
  /** errno of NLMSG_ERROR or NLMSG_DONE, 0 for a dump that went well. */
  errno = 0;
  /** Conntrack messages read. */
  messages = 0;
  readonly #words: Int32Array;
  readonly #holders: PortHolders;
  readonly #entry = new ConntrackEntry();
  readonly #decoder: EntryDecoder;
  readonly #translated: TranslatedFlows;
  readonly #faults = { interrupted: 0, overruns: 0, cutShort: 0, unknown: 0 };

  /** `bytes` must start at a multiple of 4 in its buffer. */
  constructor(holders: PortHolders, bytes: Uint8Array = new Uint8Array(RECEIVE_BYTES)) {
    this.bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.#holders = holders;
    this.#decoder = new EntryDecoder(bytes, this.#entry);
    this.#translated = new TranslatedFlows(this.#words, holders);
  }

  get faults(): DumpFaults {
    return { ...this.#faults, truncated: this.#decoder.truncated, unreadable: this.#decoder.unreadable };
  }

  /** Makes ready for another dump into the same sieve. */
  restart(): void {
    this.ended = false;
    this.errno = 0;
  }

  /** Notes an ENOBUFS. @returns how many there have been. */
  overrun(): number {
    this.#faults.overruns += 1;
    return this.#faults.overruns;
  }

  /** Reads the first `length` bytes as one datagram. */
  read(length: number): void {
    const words = this.#words;
    let at = 0;
    while (at + NLMSG_HEADER_BYTES <= length) {
      const size = words[at >>> 2] ?? 0;
      if (size < NLMSG_HEADER_BYTES || at + size > length) break;
      const typeAndFlags = words[(at >>> 2) + 1] ?? 0;
      if ((typeAndFlags & 0xffff) === ENTRY_TYPE && size >= ENTRY_OFFSET) {
        this.messages += 1;
        if (((typeAndFlags >>> 16) & NLM_F_DUMP_INTR) !== 0) this.#faults.interrupted += 1;
        this.#entryAt(at + ENTRY_OFFSET, at + size);
      } else {
        this.#control(typeAndFlags & 0xffff, at, size);
      }
      at += (size + 3) & ~3;
    }
    if (at < length) this.#faults.cutShort += 1;
  }

  #entryAt(start: number, stop: number): void {
    const layout = this.#decoder.find(start, stop);
    if (layout === undefined) return;
    if (layout.isDirect && this.#translated.take(layout, start >>> 2)) return;
    this.#decoder.fill(layout, start >>> 2);
    this.#holders.take(this.#entry);
  }

  #control(type: number, at: number, size: number): void {
    if (type !== NLMSG_DONE && type !== NLMSG_ERROR) {
      this.#faults.unknown += 1;
      return;
    }
    this.ended = true;
    const code = size >= NLMSG_HEADER_BYTES + 4 ? (this.#words[(at + NLMSG_HEADER_BYTES) >>> 2] ?? 0) : 0;
    if (code < 0) this.errno = -code;
  }
}
