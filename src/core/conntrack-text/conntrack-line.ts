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
import { tcpStateOfSum } from './tcp-state-word.ts';
import { PlainTuple } from './plain-tuple.ts';
import { TextCursor } from './text-cursor.ts';
import * as part from './tuple-parts.ts';

const IPS_SEEN_REPLY = 0x2;
const IPS_ASSURED = 0x4;
const IPS_OFFLOAD = 0x4000;

const LINE_FEED = 0x0a;
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

/** How conntrack ends the line of an entry that nothing is said of besides. */
const USUAL_END = Uint8Array.from(' [ASSURED] mark=0 use=1', (letter) => letter.charCodeAt(0));
const ASSURED_LENGTH = ' [ASSURED]'.length;

const MOST_U32 = 0xffff_ffff;
const MOST_U16 = 0xffff;

/** A reader of lines; `entry` is overwritten by each `read`. */
export class ConntrackLine {
  readonly #entry: ConntrackEntry;
  readonly #cursor = new TextCursor();
  readonly #plain = new PlainTuple();
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

  /** Where the line last read ends: at its line feed, or at `stop`. Holds only when it was an entry. */
  get end(): number {
    return this.#cursor.at;
  }

  /**
   * Reads the line in `bytes` from `start` to the next line feed or `stop`; a byte up to SPACE, or nothing, lies at `stop`.
   * @returns false when it is not an entry or anything in it is not as it should be.
   */
  read(bytes: Uint8Array, start: number, stop: number): boolean {
    const cursor = this.#cursor;
    cursor.bytes = bytes;
    cursor.at = start;
    this.#begin();
    if (!this.#head(stop)) return false;
    while (cursor.nextWord(stop)) {
      if (!this.#word(stop)) return false;
      // What follows a whole tuple in both directions is nearly always the same.
      if (this.#parts === part.BOTH_TUPLES && this.#hasUsualEnd(stop)) break;
    }
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
    let at = start;
    let sum = 0;
    for (let byte = bytes[at] ?? 0; byte > SPACE && at < stop; byte = bytes[at] ?? 0) {
      sum = (Math.imul(sum, 31) + byte) | 0;
      at += 1;
    }
    cursor.at = at;
    if (this.#entry.protocol !== TCP) return true;
    const state = tcpStateOfSum(sum);
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
      if (isPort(bytes, at)) return this.#sourcePort(at + 6);
    } else if (first === LOWER_D) {
      if (isDestination(bytes, at)) {
        return this.#address(at + 4, this.#isReply ? REPLY_DESTINATION : ORIG_DESTINATION, part.DESTINATION);
      }
      if (isPort(bytes, at)) return this.#destinationPort(at + 6);
    } else if (first === LEFT_BRACKET) return this.#flag(stop);
    else if (first === LOWER_I && bytes[at + 1] === LOWER_D && bytes[at + 2] === EQUALS) return this.#id(at + 3);
    else if (first === LOWER_U && bytes[at + 3] === EQUALS) return this.#use(at + 4);
    else if (first === LOWER_Z && bytes[at + 1] === LOWER_O) return this.#zone(stop);
    return this.#otherPair(stop);
  }

  /** ` [ASSURED] mark=0 use=1` or ` mark=0 use=1` up to the line feed: read in one go. */
  #hasUsualEnd(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    const isAssured = bytes[cursor.at + 1] === LEFT_BRACKET;
    const start = isAssured ? cursor.at : cursor.at - ASSURED_LENGTH;
    const end = start + USUAL_END.length;
    if (end > stop || bytes[end] !== LINE_FEED) return false;
    for (let at = isAssured ? 0 : ASSURED_LENGTH; at < USUAL_END.length; at += 1)
      if (bytes[start + at] !== USUAL_END[at]) return false;
    if (isAssured) this.#entry.status |= IPS_ASSURED;
    this.#hasUse = true;
    cursor.at = end;
    return true;
  }

  /** The second `src=` starts the REPLY tuple. */
  #source(at: number): boolean {
    if ((this.#parts & part.SOURCE) !== 0) {
      if (this.#isReply) return false;
      this.#isReply = true;
    }
    const next = this.#plain.read(this.#cursor.bytes, at - 4);
    if (next >= 0) return this.#plainTuple(next);
    return this.#address(at, this.#isReply ? REPLY_SOURCE : ORIG_SOURCE, part.SOURCE);
  }

  #plainTuple(next: number): boolean {
    const entry = this.#entry;
    const plain = this.#plain;
    const { addresses } = entry;
    this.#cursor.at = next;
    if (this.#parts === 0) entry.isIpv4 = true;
    if (this.#isReply) {
      addresses[REPLY_SOURCE + 3] = plain.source;
      addresses[REPLY_DESTINATION + 3] = plain.destination;
      entry.replySourcePort = plain.sourcePort;
      entry.replyDestinationPort = plain.destinationPort;
    } else {
      addresses[ORIG_SOURCE + 3] = plain.source;
      addresses[ORIG_DESTINATION + 3] = plain.destination;
      entry.origSourcePort = plain.sourcePort;
      entry.origDestinationPort = plain.destinationPort;
    }
    return entry.isIpv4 && this.#saw(part.WHOLE_TUPLE);
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
    let equals = at;
    while (equals < stop && (bytes[equals] ?? 0) > SPACE && bytes[equals] !== EQUALS) equals += 1;
    if (bytes[equals] !== EQUALS) return false;
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
    while (at < stop && bytes[at] !== RIGHT_BRACKET && bytes[at] !== LINE_FEED) at += 1;
    cursor.at = at + 1;
    return at < stop && bytes[at] === RIGHT_BRACKET && (bytes[at + 1] ?? 0) <= SPACE;
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

/** `dst=` */
function isDestination(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LOWER_D && bytes[at + 1] === LOWER_S && bytes[at + 2] === LOWER_T && bytes[at + 3] === EQUALS;
}

/** `?port=` */
function isPort(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 1] === LOWER_P &&
    bytes[at + 2] === LOWER_O &&
    bytes[at + 3] === LOWER_R &&
    bytes[at + 4] === LOWER_T &&
    bytes[at + 5] === EQUALS
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
