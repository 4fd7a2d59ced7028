// Reads one line of `conntrack -L` (any of its plain outputs), /proc/net/nf_conntrack or the old ip_conntrack byte by byte into
// a ConntrackEntry (ct_seq_show, net/netfilter/nf_conntrack_standalone.c; libnetfilter_conntrack, snprintf_default.c).
import {
  type ConntrackEntry,
  ORIG_DESTINATION,
  ORIG_SOURCE,
  REPLY_DESTINATION,
  REPLY_SOURCE,
} from '../model/conntrack-entry.ts';
import { TCP } from '../model/protocol.ts';
import { natStatus } from './nat-status.ts';
import { tcpStateOf } from './tcp-state-word.ts';
import { TextCursor } from './text-cursor.ts';
import * as part from './tuple-parts.ts';

const IPS_SEEN_REPLY = 0x2;
const IPS_ASSURED = 0x4;
const IPS_OFFLOAD = 0x4000;

const SPACE = 0x20;
const EQUALS = 0x3d;
const HYPHEN = 0x2d;
const LEFT_BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const LOWER_C = 0x63;
const LOWER_D = 0x64;
const LOWER_I = 0x69;
const LOWER_O = 0x6f;
const LOWER_P = 0x70;
const LOWER_R = 0x72;
const LOWER_S = 0x73;
const LOWER_T = 0x74;
const LOWER_U = 0x75;
const LOWER_V = 0x76;
const LOWER_Z = 0x7a;

const MOST_U32 = 0xffff_ffff;
const MOST_U16 = 0xffff;

/** A reader of lines; `entry` is overwritten by each `read`. */
export class ConntrackLine {
  readonly #entry: ConntrackEntry;
  readonly #cursor = new TextCursor();
  /** Bits of tuple-parts.ts. */
  #parts = 0;
  #isReply = false;
  #hasUse = false;

  constructor(entry: ConntrackEntry) {
    this.#entry = entry;
  }

  /** Whether the line last read had its `use=`, which follows all that matters: a line cut short before it may lack flags. */
  get hasUse(): boolean {
    return this.#hasUse;
  }

  /**
   * Reads the line in `bytes` between `start` and `stop`; a byte up to SPACE, or nothing, lies at `stop`.
   * @returns false when it is not an entry or anything in it is not as it should be.
   */
  read(bytes: Uint8Array, start: number, stop: number): boolean {
    const cursor = this.#cursor;
    cursor.bytes = bytes;
    cursor.at = start;
    this.#begin();
    if (!this.#head(stop)) return false;
    while (cursor.nextWord(stop)) if (!this.#word(stop)) return false;
    const entry = this.#entry;
    if (!part.hasWholeTuples(this.#parts, entry.protocol)) return false;
    entry.status |= natStatus(entry);
    return true;
  }

  #begin(): void {
    const entry = this.#entry;
    this.#parts = 0;
    this.#isReply = false;
    this.#hasUse = false;
    entry.origSourcePort = 0;
    entry.origDestinationPort = 0;
    entry.replySourcePort = 0;
    entry.replyDestinationPort = 0;
    entry.origZone = 0;
    entry.replyZone = 0;
    entry.status = IPS_SEEN_REPLY;
    entry.timeoutSeconds = 0;
    entry.id = 0;
    entry.tcpState = 0;
  }

  /** `[ipv4 2] tcp 6 [86399] [ESTABLISHED]`: an offloaded entry has neither of the last two. */
  #head(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    if (!cursor.nextWord(stop)) return false;
    const { at } = cursor;
    if (bytes[at] === LOWER_I && bytes[at + 1] === LOWER_P && bytes[at + 2] === LOWER_V) {
      cursor.skipWord(stop);
      cursor.nextWord(stop);
      if (cursor.number(cursor.at, 255) < 0 || !cursor.nextWord(stop)) return false;
    }
    if (!isLower(bytes[cursor.at] ?? 0)) return false;
    cursor.skipWord(stop);
    cursor.nextWord(stop);
    const protocol = cursor.number(cursor.at, 255);
    if (protocol < 0 || !cursor.nextWord(stop)) return false;
    this.#entry.protocol = protocol;
    return this.#timeoutAndState(stop);
  }

  #timeoutAndState(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    if (isDigit(bytes[cursor.at] ?? 0)) {
      const timeout = cursor.number(cursor.at, MOST_U32);
      if (timeout < 0 || !cursor.nextWord(stop)) return false;
      this.#entry.timeoutSeconds = timeout | 0;
    }
    const start = cursor.at;
    if (!isUpper(bytes[start] ?? 0)) return true;
    cursor.skipWord(stop);
    if (this.#entry.protocol !== TCP) return true;
    const state = tcpStateOf(bytes, start, cursor.at);
    this.#entry.tcpState = state ?? 0;
    return state !== undefined;
  }

  /** `key=value` or `[FLAG]`. */
  #word(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes, at } = cursor;
    const first = bytes[at];
    if (first === LOWER_S) {
      if (bytes[at + 3] === EQUALS && bytes[at + 1] === LOWER_R && bytes[at + 2] === LOWER_C)
        return this.#source(at + 4);
      if (bytes[at + 5] === EQUALS && isPort(bytes, at)) return this.#sourcePort(at + 6);
    } else if (first === LOWER_D) {
      if (bytes[at + 3] === EQUALS && bytes[at + 1] === LOWER_S && bytes[at + 2] === LOWER_T) {
        return this.#address(at + 4, this.#isReply ? REPLY_DESTINATION : ORIG_DESTINATION, part.DESTINATION);
      }
      if (bytes[at + 5] === EQUALS && isPort(bytes, at)) return this.#destinationPort(at + 6);
    } else if (first === LEFT_BRACKET) return this.#flag(stop);
    else if (first === LOWER_I && bytes[at + 1] === LOWER_D && bytes[at + 2] === EQUALS) return this.#id(at + 3);
    else if (first === LOWER_U && bytes[at + 3] === EQUALS) return this.#use(at + 4);
    else if (first === LOWER_Z && bytes[at + 1] === LOWER_O) return this.#zone(stop);
    return this.#otherPair(stop);
  }

  /** The second `src=` starts the REPLY tuple. */
  #source(at: number): boolean {
    if ((this.#parts & part.SOURCE) !== 0) {
      if (this.#isReply) return false;
      this.#isReply = true;
    }
    return this.#address(at, this.#isReply ? REPLY_SOURCE : ORIG_SOURCE, part.SOURCE);
  }

  #address(at: number, place: number, bit: number): boolean {
    const entry = this.#entry;
    const family = this.#cursor.address(at, entry, place);
    if (this.#parts === 0) entry.isIpv4 = family === 4;
    return family !== 0 && entry.isIpv4 === (family === 4) && this.#saw(bit);
  }

  /** @returns false when the part was there before. */
  #saw(bits: number): boolean {
    const placed = this.#isReply ? bits << part.REPLY_SHIFT : bits;
    if ((this.#parts & placed) !== 0) return false;
    this.#parts |= placed;
    return true;
  }

  #sourcePort(at: number): boolean {
    const port = this.#cursor.number(at, MOST_U16);
    if (this.#isReply) this.#entry.replySourcePort = port;
    else this.#entry.origSourcePort = port;
    return port >= 0 && this.#saw(part.SOURCE_PORT);
  }

  #destinationPort(at: number): boolean {
    const port = this.#cursor.number(at, MOST_U16);
    if (this.#isReply) this.#entry.replyDestinationPort = port;
    else this.#entry.origDestinationPort = port;
    return port >= 0 && this.#saw(part.DESTINATION_PORT);
  }

  /** The first `id=` of an echo's tuple is its identifier, which stands on the side that NAT rewrites; any other the entry's. */
  #id(at: number): boolean {
    const entry = this.#entry;
    const id = this.#cursor.number(at, MOST_U32);
    if (id < 0) return false;
    const bits = this.#isReply ? part.ECHO_ID << part.REPLY_SHIFT : part.ECHO_ID;
    if (!part.isEchoProtocol(entry.protocol) || (this.#parts & bits) !== 0) entry.id = id | 0;
    else if (id > MOST_U16) return false;
    else {
      this.#parts |= bits;
      if (this.#isReply) entry.replyDestinationPort = id;
      else entry.origSourcePort = id;
    }
    return true;
  }

  #use(at: number): boolean {
    this.#hasUse = this.#cursor.number(at, MOST_U32) >= 0;
    return this.#hasUse;
  }

  /** `zone=`, or `zone-orig=` and `zone-reply=` where they differ. */
  #zone(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes, at } = cursor;
    const equals = bytes.indexOf(EQUALS, at);
    if (equals < 0 || equals >= stop) return false;
    const zone = cursor.number(equals + 1, MOST_U16);
    const isOneWay = bytes[at + 4] === HYPHEN;
    if (!isOneWay || bytes[at + 5] === LOWER_O) this.#entry.origZone = zone;
    if (!isOneWay || bytes[at + 5] === LOWER_R) this.#entry.replyZone = zone;
    return zone >= 0;
  }

  /** [UNREPLIED], [ASSURED], [OFFLOAD], [HW_OFFLOAD]; `[start=Sun Nov 22 14:54:17 2026]` has spaces. */
  #flag(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    const letter = bytes[cursor.at + 1];
    const entry = this.#entry;
    if (letter === 0x55) entry.status &= ~IPS_SEEN_REPLY;
    if (letter === 0x41) entry.status |= IPS_ASSURED;
    if (letter === 0x4f || letter === 0x48) entry.status |= IPS_OFFLOAD;
    let at = cursor.at + 1;
    while (at < stop && bytes[at] !== RIGHT_BRACKET) at += 1;
    cursor.at = at + 1;
    return at < stop && (bytes[at + 1] ?? 0) <= SPACE;
  }

  /** A pair that does not matter here; a word without `=` belongs to no entry. */
  #otherPair(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    let { at } = cursor;
    let hasEquals = false;
    for (; at < stop; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte <= SPACE) break;
      if (byte === EQUALS) hasEquals = true;
    }
    cursor.at = at;
    return hasEquals;
  }
}

/** `?port=` */
function isPort(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 1] === LOWER_P && bytes[at + 2] === LOWER_O && bytes[at + 3] === LOWER_R && bytes[at + 4] === LOWER_T
  );
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isUpper(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}
