// Reads one line of /proc/net/nf_conntrack (ct_seq_show, net/netfilter/nf_conntrack_standalone.c) byte by byte into a
// ConntrackEntry. The text has no status word: what NAT did is told by comparing the two tuples.
import {
  type ConntrackEntry,
  IPS_DST_NAT,
  IPS_SRC_NAT,
  ORIG_DESTINATION,
  ORIG_SOURCE,
  REPLY_DESTINATION,
  REPLY_SOURCE,
} from '../../core/model/conntrack-entry.ts';
import { parseAddress } from '../../core/model/address.ts';
import { TCP_STATES } from '../../core/model/tcp-state.ts';
import { TCP } from '../../core/model/protocol.ts';

const IPS_SEEN_REPLY = 0x2;
const IPS_ASSURED = 0x4;
const IPS_OFFLOAD = 0x4000;

const SPACE = 0x20;
const EQUALS = 0x3d;
const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;
const LEFT_BRACKET = 0x5b;
const LOWER_A = 0x61;
const LOWER_I = 0x69;
const LOWER_P = 0x70;
const LOWER_V = 0x76;

/** A `key=` by the sum of its letters' places: the keys of ct_seq_show all differ in it. */
const KEYS: ReadonlyMap<number, Key> = new Map(
  (['src', 'dst', 'sport', 'dport', 'id', 'zone', 'zone-orig', 'zone-reply'] as const).map((key) => [
    keySum(new TextEncoder().encode(key), 0, key.length),
    key,
  ]),
);

type Key = 'src' | 'dst' | 'sport' | 'dport' | 'id' | 'zone' | 'zone-orig' | 'zone-reply';

const STATES: ReadonlyMap<number, number> = new Map(
  TCP_STATES.map((name, state) => [keySum(new TextEncoder().encode(name), 0, name.length), state]),
);

/** A reader of lines; `entry` is overwritten by each `read`. */
export class ProcFlowLine {
  readonly #entry: ConntrackEntry;
  #bytes: Uint8Array = new Uint8Array(0);
  #field = 0;
  #isReply = false;
  #addressesSeen = 0;

  constructor(entry: ConntrackEntry) {
    this.#entry = entry;
  }

  /** Reads the line in `bytes` between `start` and `stop`, without its line feed. @returns false when it is not an entry. */
  read(bytes: Uint8Array, start: number, stop: number): boolean {
    this.#begin(bytes);
    // conntrack -L leaves out the family, its name and its number.
    if (!startsWithFamily(bytes, start)) this.#field = 2;
    for (let at = start; at < stop; ) {
      if (bytes[at] === SPACE) {
        at += 1;
        continue;
      }
      let end = at;
      while (end < stop && bytes[end] !== SPACE) end += 1;
      this.#token(at, end);
      at = end;
    }
    if (this.#addressesSeen !== 4) return false;
    this.#entry.status |= natStatus(this.#entry);
    return true;
  }

  #begin(bytes: Uint8Array): void {
    const entry = this.#entry;
    this.#bytes = bytes;
    this.#field = 0;
    this.#isReply = false;
    this.#addressesSeen = 0;
    entry.protocol = 0;
    entry.origSourcePort = 0;
    entry.origDestinationPort = 0;
    entry.replySourcePort = 0;
    entry.replyDestinationPort = 0;
    entry.origZone = 0;
    entry.replyZone = 0;
    entry.status = IPS_SEEN_REPLY;
    entry.timeoutSeconds = 0;
    entry.tcpState = 0;
  }

  /** `ipv4 2 tcp 6 86399 ESTABLISHED`, then `key=value` and `[FLAG]`. */
  #token(start: number, stop: number): void {
    const equals = this.#bytes.indexOf(EQUALS, start);
    if (this.#bytes[start] === LEFT_BRACKET) this.#flag(start);
    else if (equals > start && equals < stop) this.#pair(start, equals, stop);
    else this.#bare(start, stop);
  }

  #bare(start: number, stop: number): void {
    const field = this.#field;
    this.#field += 1;
    if (field === 3) this.#entry.protocol = this.#number(start, stop) & 0xff;
    if (field < 4) return;
    if (isDigit(this.#bytes[start] ?? 0)) this.#entry.timeoutSeconds = this.#number(start, stop) | 0;
    else if (this.#entry.protocol === TCP) this.#entry.tcpState = STATES.get(keySum(this.#bytes, start, stop)) ?? 0;
  }

  #flag(start: number): void {
    const letter = this.#bytes[start + 1];
    const entry = this.#entry;
    // [UNREPLIED], [ASSURED], [OFFLOAD], [HW_OFFLOAD]
    if (letter === 0x55) entry.status &= ~IPS_SEEN_REPLY;
    if (letter === 0x41) entry.status |= IPS_ASSURED;
    if (letter === 0x4f || letter === 0x48) entry.status |= IPS_OFFLOAD;
  }

  #pair(start: number, equals: number, stop: number): void {
    const key = KEYS.get(keySum(this.#bytes, start, equals));
    if (key === undefined) return;
    if (key === 'src') return this.#source(equals + 1, stop);
    if (key === 'dst') return this.#address(this.#isReply ? REPLY_DESTINATION : ORIG_DESTINATION, equals + 1, stop);
    this.#setNumber(key, this.#number(equals + 1, stop) & 0xffff);
  }

  /** The second `src=` starts the REPLY tuple. */
  #source(start: number, stop: number): void {
    this.#isReply = this.#addressesSeen >= 2;
    this.#address(this.#isReply ? REPLY_SOURCE : ORIG_SOURCE, start, stop);
  }

  #setNumber(key: Exclude<Key, 'src' | 'dst'>, value: number): void {
    const entry = this.#entry;
    switch (key) {
      case 'sport':
        if (this.#isReply) entry.replySourcePort = value;
        else entry.origSourcePort = value;
        return;
      case 'dport':
        if (this.#isReply) entry.replyDestinationPort = value;
        else entry.origDestinationPort = value;
        return;
      case 'id':
        if (this.#isReply) entry.replyDestinationPort = value;
        else entry.origSourcePort = value;
        return;
      case 'zone-orig':
        entry.origZone = value;
        return;
      case 'zone-reply':
        entry.replyZone = value;
        return;
      case 'zone':
        entry.origZone = value;
        entry.replyZone = value;
    }
  }

  #address(place: number, start: number, stop: number): void {
    const isIpv4 = this.#bytes[start + 4] !== COLON && this.#bytes.subarray(start, stop).includes(DOT);
    const isRead = isIpv4 ? this.#ipv4(place, start, stop) : this.#ipv6(place, start, stop);
    if (this.#addressesSeen === 0) this.#entry.isIpv4 = isIpv4;
    if (isRead && this.#entry.isIpv4 === isIpv4) this.#addressesSeen += 1;
  }

  #ipv4(place: number, start: number, stop: number): boolean {
    let word = 0;
    let octet = 0;
    let octets = 0;
    for (let at = start; at <= stop; at += 1) {
      const byte = at === stop ? DOT : (this.#bytes[at] ?? 0);
      if (byte !== DOT) {
        octet = octet * 10 + (byte - ZERO);
        continue;
      }
      word = (word >>> 8) | (octet << 24);
      octets += 1;
      octet = 0;
    }
    this.#entry.addresses[place + 3] = word;
    return octets === 4;
  }

  /** Full groups (%pI6) are read in place; any other form goes through the text parser. */
  #ipv6(place: number, start: number, stop: number): boolean {
    if (stop - start !== 39) return this.#ipv6Text(place, start, stop);
    const words = this.#entry.addresses;
    for (let word = 0; word < 4; word += 1) {
      const group = start + word * 10;
      const first = this.#hex4(group);
      const second = this.#hex4(group + 5);
      words[place + word] = swap16(first) | (swap16(second) << 16);
    }
    return true;
  }

  #ipv6Text(place: number, start: number, stop: number): boolean {
    const bytes = parseAddress(new TextDecoder().decode(this.#bytes.subarray(start, stop)));
    if (bytes === undefined) return false;
    this.#entry.addresses.set(new Int32Array(bytes.buffer, bytes.byteOffset, 4), place);
    return true;
  }

  #hex4(at: number): number {
    let value = 0;
    for (let digit = at; digit < at + 4; digit += 1) {
      const byte = this.#bytes[digit] ?? 0;
      value = (value << 4) | (byte >= LOWER_A ? byte - LOWER_A + 10 : byte - ZERO);
    }
    return value & 0xffff;
  }

  #number(start: number, stop: number): number {
    let value = 0;
    for (let at = start; at < stop && isDigit(this.#bytes[at] ?? 0); at += 1) {
      value = value * 10 + ((this.#bytes[at] ?? 0) - ZERO);
    }
    return value;
  }
}

/** IPS_SRC_NAT and IPS_DST_NAT as the tuples show them: the reply is not simply the original turned round. */
function natStatus(entry: ConntrackEntry): number {
  const isSnat = entry.replyDestinationPort !== entry.origSourcePort || !isSame(entry, REPLY_DESTINATION, ORIG_SOURCE);
  const isDnat = entry.replySourcePort !== entry.origDestinationPort || !isSame(entry, REPLY_SOURCE, ORIG_DESTINATION);
  return (isSnat ? IPS_SRC_NAT : 0) | (isDnat ? IPS_DST_NAT : 0);
}

function isSame(entry: ConntrackEntry, left: number, right: number): boolean {
  const words = entry.addresses;
  if (words[left + 3] !== words[right + 3]) return false;
  if (entry.isIpv4) return true;
  return words[left] === words[right] && words[left + 1] === words[right + 1] && words[left + 2] === words[right + 2];
}

/** `ipv4` or `ipv6`. */
function startsWithFamily(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === LOWER_I && bytes[start + 1] === LOWER_P && bytes[start + 2] === LOWER_V;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function swap16(value: number): number {
  return ((value & 0xff) << 8) | (value >>> 8);
}

function keySum(bytes: Uint8Array, start: number, stop: number): number {
  let sum = 0;
  for (let at = start; at < stop; at += 1) sum = (Math.imul(sum, 31) + (bytes[at] ?? 0)) | 0;
  return sum;
}
