// Reads `conntrack -L -o xml` (libnetfilter_conntrack, snprintf_xml.c) as it comes, byte by byte: a `<flow>` may be spread over
// lines. The text lacks echo identifiers and offload, and names the states of SCTP with the words of TCP.
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
import { TCP } from '../../core/model/protocol.ts';
import { wordSum, wordTable } from './word-sum.ts';

const IPS_SEEN_REPLY = 0x2;
const IPS_ASSURED = 0x4;

const SPACE = 0x20;
const SLASH = 0x2f;
const LESS = 0x3c;
const MORE = 0x3e;

const MOST_U32 = 0xffff_ffff;
const MOST_U16 = 0xffff;
/** Tags and values that matter are far shorter; of longer ones the rest is dropped, so that they match nothing. */
const PIECE_BYTES = 256;

/** What to do at each tag, by its name with the slash of a closing one: values stand before closing tags. */
const TAGS = wordTable({
  flow: 'begin',
  '/flow': 'end',
  'meta direction="original"': 'original',
  'meta direction="reply"': 'reply',
  'meta direction="independent"': 'independent',
  layer4: 'layer4',
  '/src': 'source',
  '/dst': 'destination',
  '/sport': 'sourcePort',
  '/dport': 'destinationPort',
  '/zone': 'zone',
  '/state': 'state',
  '/timeout': 'timeout',
  '/id': 'id',
  'unreplied/': 'unreplied',
  'assured/': 'assured',
  '/conntrack': 'last',
} as const);

const PROTONUM = new TextEncoder().encode('layer4 protonum="');

/** What became of a `<flow>`: whole, whole but for an echo identifier, or not to be understood. */
export type XmlFlow = 'entry' | 'echo' | 'unreadable';

/** A reader of one input; `entry` is overwritten by each flow, and shown when it ends. */
export class XmlFlows {
  readonly #entry: ConntrackEntry;
  readonly #show: (flow: XmlFlow) => void;
  readonly #cursor = new TextCursor();
  readonly #text = new Uint8Array(PIECE_BYTES + 1);
  readonly #tag = new Uint8Array(PIECE_BYTES + 1);
  #textLength = 0;
  #tagLength = 0;
  #isInTag = false;
  #isInFlow = false;
  #isGood = true;
  #hasEnded = false;
  #parts = 0;
  #direction: 'original' | 'reply' | 'independent' = 'independent';

  constructor(entry: ConntrackEntry, show: (flow: XmlFlow) => void) {
    this.#entry = entry;
    this.#show = show;
  }

  /** Whether the input may stop here: `</conntrack>` was there. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether a `<flow>` is open. */
  get isInFlow(): boolean {
    return this.#isInFlow;
  }

  /** Reads on. */
  read(bytes: Uint8Array, start: number, stop: number): void {
    for (let at = start; at < stop; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === LESS) {
        this.#isInTag = true;
        this.#tagLength = 0;
      } else if (!this.#isInTag) this.#text[Math.min(this.#textLength++, PIECE_BYTES)] = byte;
      else if (byte === MORE) this.#endTag();
      else this.#tag[Math.min(this.#tagLength++, PIECE_BYTES)] = byte;
    }
  }

  /** What lay in between cannot be read, a line too long: the flow it belongs to is lost. */
  skip(): void {
    this.#isGood = false;
    this.#isInTag = false;
    this.#textLength = 0;
  }

  #endTag(): void {
    this.#isInTag = false;
    const length = Math.min(this.#tagLength, PIECE_BYTES);
    const action = TAGS.get(wordSum(this.#tag, 0, length)) ?? this.#byName(length);
    this.#text[Math.min(this.#textLength, PIECE_BYTES)] = SPACE;
    if (action !== undefined) this.#act(action);
    this.#textLength = 0;
  }

  /** By the name alone: `layer4 protonum="6" protoname="tcp"`, `flow` with attributes of other versions. */
  #byName(length: number): ReturnType<typeof TAGS.get> {
    let stop = 0;
    while (stop < length && (this.#tag[stop] ?? 0) > SPACE) stop += 1;
    return this.#tag[0] === SLASH ? undefined : TAGS.get(wordSum(this.#tag, 0, stop));
  }

  #act(action: Exclude<ReturnType<typeof TAGS.get>, undefined>): void {
    if (action === 'last') this.#hasEnded = true;
    else if (action === 'begin') this.#begin();
    else if (action === 'end') this.#end();
    else if (!this.#isInFlow) return;
    else if (action === 'original' || action === 'reply' || action === 'independent') this.#direction = action;
    else if (!this.#value(action)) this.#isGood = false;
  }

  #begin(): void {
    // The one before has no end.
    if (this.#isInFlow) this.#show('unreadable');
    const entry = this.#entry;
    this.#isInFlow = true;
    this.#isGood = true;
    this.#parts = 0;
    this.#direction = 'independent';
    entry.protocol = 0;
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

  #end(): void {
    const entry = this.#entry;
    if (!this.#isInFlow) return;
    this.#isInFlow = false;
    const isEcho = part.isEchoProtocol(entry.protocol);
    const isWhole = this.#isGood && part.hasWholeTuples(this.#parts, isEcho ? 0 : entry.protocol);
    if (isWhole) entry.status |= natStatus(entry);
    this.#show(!isWhole ? 'unreadable' : isEcho ? 'echo' : 'entry');
  }

  #value(action: ValueAction): boolean {
    const entry = this.#entry;
    switch (action) {
      case 'layer4':
        return this.#protocol();
      case 'source':
        return this.#address(this.#isReply ? REPLY_SOURCE : ORIG_SOURCE, part.SOURCE);
      case 'destination':
        return this.#address(this.#isReply ? REPLY_DESTINATION : ORIG_DESTINATION, part.DESTINATION);
      case 'unreplied':
        entry.status &= ~IPS_SEEN_REPLY;
        return true;
      case 'assured':
        entry.status |= IPS_ASSURED;
        return true;
      case 'state':
        return this.#state();
      default:
        return this.#number(action);
    }
  }

  get #isReply(): boolean {
    return this.#direction === 'reply';
  }

  #number(action: NumberAction): boolean {
    const entry = this.#entry;
    this.#cursor.bytes = this.#text;
    const value = this.#cursor.number(0, action === 'timeout' || action === 'id' ? MOST_U32 : MOST_U16);
    if (value < 0) return false;
    switch (action) {
      case 'timeout':
        entry.timeoutSeconds = value | 0;
        return true;
      case 'id':
        entry.id = value | 0;
        return true;
      case 'zone':
        if (this.#direction !== 'reply') entry.origZone = value;
        if (this.#direction !== 'original') entry.replyZone = value;
        return true;
      case 'sourcePort':
        if (this.#isReply) entry.replySourcePort = value;
        else entry.origSourcePort = value;
        return this.#saw(part.SOURCE_PORT);
      case 'destinationPort':
        if (this.#isReply) entry.replyDestinationPort = value;
        else entry.origDestinationPort = value;
        return this.#saw(part.DESTINATION_PORT);
    }
  }

  /** @returns false when the part was there before. */
  #saw(bits: number): boolean {
    const placed = this.#isReply ? bits << part.REPLY_SHIFT : bits;
    const isNew = (this.#parts & placed) === 0 && this.#direction !== 'independent';
    this.#parts |= placed;
    return isNew;
  }

  #address(place: number, bit: number): boolean {
    const entry = this.#entry;
    this.#cursor.bytes = this.#text;
    const family = this.#cursor.address(0, entry, place);
    if (this.#parts === 0) entry.isIpv4 = family === 4;
    return family !== 0 && entry.isIpv4 === (family === 4) && this.#saw(bit);
  }

  /** Both tuples name it. */
  #protocol(): boolean {
    const tag = this.#tag;
    for (let at = 0; at < PROTONUM.length; at += 1) if (tag[at] !== PROTONUM[at]) return false;
    let protocol = 0;
    for (let at = PROTONUM.length; (tag[at] ?? 0) >= 0x30 && (tag[at] ?? 0) <= 0x39 && protocol < 256; at += 1) {
      protocol = protocol * 10 + (tag[at] ?? 0) - 0x30;
    }
    this.#entry.protocol = protocol;
    return protocol < 256;
  }

  #state(): boolean {
    if (this.#entry.protocol !== TCP) return true;
    const state = tcpStateOf(this.#text, 0, Math.min(this.#textLength, PIECE_BYTES));
    this.#entry.tcpState = state ?? 0;
    return state !== undefined;
  }
}

type NumberAction = 'timeout' | 'id' | 'zone' | 'sourcePort' | 'destinationPort';
type ValueAction = NumberAction | 'layer4' | 'source' | 'destination' | 'unreplied' | 'assured' | 'state';
