// Reads one line of `conntrack -L -o save`: `-A -t 3000 -u ASSURED -s A -d B -r C -n D -p tcp --sport 1 --dport 2 ...`
// (ct_save_snprintf, conntrack-tools src/conntrack.c). It names FIXED_TIMEOUT, but neither ids nor an echo's new identifier.
import { natStatus } from '../../core/conntrack-text/nat-status.ts';
import { tcpStateOf } from '../../core/conntrack-text/tcp-state-word.ts';
import { TextCursor } from '../../core/conntrack-text/text-cursor.ts';
import * as part from '../../core/conntrack-text/tuple-parts.ts';
import {
  type ConntrackEntry,
  ORIG_DESTINATION,
  ORIG_SOURCE,
  REPLY_DESTINATION,
  REPLY_SOURCE,
} from '../../core/model/conntrack-entry.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../../core/model/protocol.ts';
import { wordSum, wordTable } from './word-sum.ts';

const COMMA = 0x2c;
const HYPHEN = 0x2d;
const UPPER_A = 0x41;
const MOST_U32 = 0xffff_ffff;
const MOST_U16 = 0xffff;

type AddressOption = 'origSource' | 'origDestination' | 'replySource' | 'replyDestination';
type PortOption = 'origSourcePort' | 'origDestinationPort' | 'replySourcePort' | 'replyDestinationPort' | 'echoId';
type NumberOption = PortOption | 'timeout' | 'zone' | 'origZone' | 'replyZone';
type Option = AddressOption | NumberOption | 'status' | 'protocol' | 'state';

/** What is not here is stepped over with its value: marks, keys of GRE, tags of SCTP. */
const OPTIONS = wordTable<Option>({
  '-t': 'timeout',
  '-u': 'status',
  '-p': 'protocol',
  '--state': 'state',
  '-w': 'zone',
  '--zone': 'zone',
  '--orig-zone': 'origZone',
  '--reply-zone': 'replyZone',
  '-s': 'origSource',
  '-d': 'origDestination',
  // -g and -n say that NAT did it, -r and -q that it did not.
  '-r': 'replySource',
  '-g': 'replySource',
  '-q': 'replyDestination',
  '-n': 'replyDestination',
  '--sport': 'origSourcePort',
  '--dport': 'origDestinationPort',
  '--reply-port-src': 'replySourcePort',
  '--reply-port-dst': 'replyDestinationPort',
  '--icmp-id': 'echoId',
  '--icmpv6-id': 'echoId',
});

/** IPS_* by the names of conntrack-tools; UNSET is none. */
const STATUS = wordTable({
  UNSET: 0,
  SEEN_REPLY: 0x2,
  ASSURED: 0x4,
  CONFIRMED: 0x8,
  FIXED_TIMEOUT: 0x400,
  OFFLOAD: 0x4000,
  HW_OFFLOAD: 0x8000,
});

const PROTOCOLS = wordTable({
  tcp: TCP,
  udp: UDP,
  icmp: ICMP,
  icmpv6: ICMPV6,
  sctp: SCTP,
  gre: 47,
  dccp: 33,
  udplite: 136,
});

/** A reader of lines; `entry` is overwritten by each `read`. */
export class SaveLine {
  readonly #entry: ConntrackEntry;
  readonly #cursor = new TextCursor();
  #parts = 0;

  constructor(entry: ConntrackEntry) {
    this.#entry = entry;
  }

  /** Whether the line adds an entry: `-A` and another option, unlike a rule of iptables-save. */
  static starts(bytes: Uint8Array, start: number, stop: number): boolean {
    return stop - start > 4 && bytes[start] === HYPHEN && bytes[start + 1] === UPPER_A && bytes[start + 3] === HYPHEN;
  }

  /** Reads the line between `start` and `stop`. @returns false when it is not an entry or anything in it is not as it should be. */
  read(bytes: Uint8Array, start: number, stop: number): boolean {
    const cursor = this.#cursor;
    cursor.bytes = bytes;
    cursor.at = start + 2;
    this.#begin();
    while (cursor.nextWord(stop)) if (!this.#option(stop)) return false;
    if (!part.hasWholeTuples(this.#parts, this.#entry.protocol)) return false;
    this.#entry.status |= natStatus(this.#entry);
    return true;
  }

  #begin(): void {
    const entry = this.#entry;
    this.#parts = 0;
    entry.protocol = 0;
    entry.origSourcePort = 0;
    entry.origDestinationPort = 0;
    entry.replySourcePort = 0;
    entry.replyDestinationPort = 0;
    entry.origZone = 0;
    entry.replyZone = 0;
    entry.status = 0;
    entry.timeoutSeconds = 0;
    entry.id = 0;
    entry.tcpState = 0;
  }

  #option(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes, at } = cursor;
    if (bytes[at] !== HYPHEN) return false;
    cursor.skipWord(stop);
    const option = OPTIONS.get(wordSum(bytes, at, cursor.at));
    if (!cursor.nextWord(stop)) return option === undefined;
    if (option !== undefined) return this.#set(option, stop);
    if (bytes[cursor.at] !== HYPHEN) cursor.skipWord(stop);
    return true;
  }

  #set(option: Option, stop: number): boolean {
    switch (option) {
      case 'status':
        return this.#status(stop);
      case 'protocol':
        return this.#protocol(stop);
      case 'state':
        return this.#state(stop);
      case 'origSource':
        return this.#address(ORIG_SOURCE, part.SOURCE);
      case 'origDestination':
        return this.#address(ORIG_DESTINATION, part.DESTINATION);
      case 'replySource':
        return this.#address(REPLY_SOURCE, part.SOURCE << part.REPLY_SHIFT);
      case 'replyDestination':
        return this.#address(REPLY_DESTINATION, part.DESTINATION << part.REPLY_SHIFT);
      default:
        return this.#number(option);
    }
  }

  #address(place: number, bit: number): boolean {
    const entry = this.#entry;
    const family = this.#cursor.address(this.#cursor.at, entry, place);
    if (this.#parts === 0) entry.isIpv4 = family === 4;
    return family !== 0 && entry.isIpv4 === (family === 4) && this.#saw(bit);
  }

  /** @returns false when the part was there before. */
  #saw(bits: number): boolean {
    const isNew = (this.#parts & bits) === 0;
    this.#parts |= bits;
    return isNew;
  }

  #number(option: NumberOption): boolean {
    const value = this.#cursor.number(this.#cursor.at, option === 'timeout' ? MOST_U32 : MOST_U16);
    if (value < 0) return false;
    const entry = this.#entry;
    switch (option) {
      case 'timeout':
        entry.timeoutSeconds = value | 0;
        return true;
      case 'zone':
        entry.origZone = value;
        entry.replyZone = value;
        return true;
      case 'origZone':
        entry.origZone = value;
        return true;
      case 'replyZone':
        entry.replyZone = value;
        return true;
      default:
        return this.#port(option, value);
    }
  }

  #port(option: PortOption, value: number): boolean {
    const entry = this.#entry;
    switch (option) {
      case 'origSourcePort':
        entry.origSourcePort = value;
        return this.#saw(part.SOURCE_PORT);
      case 'origDestinationPort':
        entry.origDestinationPort = value;
        return this.#saw(part.DESTINATION_PORT);
      case 'replySourcePort':
        entry.replySourcePort = value;
        return this.#saw(part.SOURCE_PORT << part.REPLY_SHIFT);
      case 'replyDestinationPort':
        entry.replyDestinationPort = value;
        return this.#saw(part.DESTINATION_PORT << part.REPLY_SHIFT);
      case 'echoId':
        // Only the one before translation is written: it is taken for both.
        entry.origSourcePort = value;
        entry.replyDestinationPort = value;
        return this.#saw(part.ECHO_ID | (part.ECHO_ID << part.REPLY_SHIFT));
    }
  }

  #status(stop: number): boolean {
    const cursor = this.#cursor;
    const { bytes } = cursor;
    let start = cursor.at;
    cursor.skipWord(stop);
    for (let at = start; at <= cursor.at; at += 1) {
      if (at < cursor.at && bytes[at] !== COMMA) continue;
      this.#entry.status |= STATUS.get(wordSum(bytes, start, at)) ?? 0;
      start = at + 1;
    }
    return true;
  }

  /** By name, or by number where conntrack has no name for it. */
  #protocol(stop: number): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.skipWord(stop);
    const end = cursor.at;
    const protocol = PROTOCOLS.get(wordSum(cursor.bytes, start, end)) ?? cursor.number(start, 255);
    cursor.at = end;
    this.#entry.protocol = protocol;
    return protocol >= 0;
  }

  #state(stop: number): boolean {
    const cursor = this.#cursor;
    const start = cursor.at;
    cursor.skipWord(stop);
    if (this.#entry.protocol !== TCP) return true;
    const state = tcpStateOf(cursor.bytes, start, cursor.at);
    this.#entry.tcpState = state ?? 0;
    return state !== undefined;
  }
}
