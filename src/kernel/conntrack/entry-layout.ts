// Where the fields of one conntrack message lie, found by walking its attributes. Also remembers every attribute header it
// met: a later message of the same length with the same header words has the same layout, so its fields can be read directly.
import { AttributeReader } from '../netlink/attribute-reader.ts';
import * as ct from './ctnetlink.ts';
import { NO_PLAIN_INFO, PLAIN_INFO_HEADERS, PLAIN_INFO_WORDS, type PlainInfo, plainInfoOf } from './plain-info.ts';
import { PLAIN_HEADERS, PLAIN_TUPLE_WORDS, hasPlainTuples } from './plain-tuples.ts';

/** No such attribute in the message. */
export const ABSENT = -1;

/** Offsets in 32-bit words from the start of the first attribute: values are aligned to 4 bytes (NLA_ALIGNTO). */
export class EntryLayout {
  isIpv4 = true;
  origSource = ABSENT;
  origDestination = ABSENT;
  replySource = ABSENT;
  replyDestination = ABSENT;
  protocol = ABSENT;
  origSourcePort = ABSENT;
  origDestinationPort = ABSENT;
  replySourcePort = ABSENT;
  replyDestinationPort = ABSENT;
  origZone = ABSENT;
  replyZone = ABSENT;
  status = ABSENT;
  timeout = ABSENT;
  id = ABSENT;
  tcpState = ABSENT;
  origTcpFlags = ABSENT;
  replyTcpFlags = ABSENT;
  /** Whether both tuples are IPv4 with ports, laid out as plain-tuples.ts knows them. */
  isPlain = false;
  /** Whether status, timeout, id and all that is asked of TCP are there, and no zone. */
  isFullTcp = false;
  /** Whether the tuples are plain, status, timeout and id are there, and no zone: what translated-flows.ts takes. */
  isDirect = false;
  /** How much of what follows plain tuples lies as plain-info.ts knows it. */
  plainInfo: PlainInfo = NO_PLAIN_INFO;
  /** Word offset and header word (nla_len, nla_type) of each attribute met, in turn; without those known to be plain. */
  checks = new Int32Array(0);
  /** Another layout of messages of the same length. */
  next: EntryLayout | undefined = undefined;

  /** Whether both tuples name addresses and a protocol: less is not an entry. */
  get isEntry(): boolean {
    const tuples = this.origSource !== ABSENT && this.origDestination !== ABSENT && this.replySource !== ABSENT;
    return tuples && this.replyDestination !== ABSENT && this.protocol !== ABSENT;
  }
}

type Field = Exclude<
  keyof EntryLayout,
  'isIpv4' | 'isPlain' | 'plainInfo' | 'isFullTcp' | 'isDirect' | 'isEntry' | 'checks' | 'next'
>;

/** How many bytes a field needs; a shorter value counts as absent. */
const FIELD_BYTES = { address: 0, u8: 1, be16: 2, be32: 4 } as const;

/** What one walk found. */
export interface WalkResult {
  readonly layout: EntryLayout;
  /** Attributes cut short by the end of the message or of their parent. */
  readonly truncated: number;
}

/** Finds the fields between `start` and `stop` of a datagram; never throws, whatever the bytes. */
export function walkEntry(bytes: Uint8Array, span: { readonly start: number; readonly stop: number }): WalkResult {
  const walk = new EntryWalk(bytes, span.start);
  const truncated = walk.message(span.stop);
  return { layout: walk.finish(), truncated };
}

class EntryWalk {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #layout = new EntryLayout();
  readonly #checks: number[] = [];
  #ipv4 = 0;
  #ipv6 = 0;
  #truncated = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  message(stop: number): number {
    this.#each(new AttributeReader(this.#bytes, this.#start, stop), (attribute) => this.#top(attribute));
    return this.#truncated;
  }

  finish(): EntryLayout {
    this.#layout.isIpv4 = this.#ipv4 > 0;
    // Both families in one message cannot be told apart safely: no entry.
    if (this.#ipv4 > 0 && this.#ipv6 > 0) this.#layout.origSource = ABSENT;
    this.#layout.isPlain = this.#isPlain();
    const isFull = this.#isFull();
    this.#layout.isFullTcp = isFull && this.#hasTcp();
    this.#layout.isDirect = isFull && this.#layout.isPlain && (this.#hasTcp() || this.#layout.tcpState === ABSENT);
    this.#layout.plainInfo = this.#layout.isPlain ? plainInfoOf(this.#headers(PLAIN_INFO_WORDS), 0) : NO_PLAIN_INFO;
    this.#layout.checks = Int32Array.from(this.#checks.slice(this.#plainHeaders * 2));
    return this.#layout;
  }

  #isPlain(): boolean {
    return this.#start % 4 === 0 && hasPlainTuples(this.#headers(PLAIN_TUPLE_WORDS), 0);
  }

  get #plainHeaders(): number {
    return this.#layout.isPlain ? PLAIN_HEADERS + (PLAIN_INFO_HEADERS[this.#layout.plainInfo] ?? 0) : 0;
  }

  /** The headers met among the first `length` words, at their places; 0, which no header is, elsewhere. */
  #headers(length: number): Int32Array {
    const words = new Int32Array(length);
    for (let index = 0; index < this.#checks.length; index += 2) {
      words[this.#checks[index] ?? 0] = this.#checks[index + 1] ?? 0;
    }
    return words;
  }

  #isFull(): boolean {
    const { status, timeout, id, origZone, replyZone } = this.#layout;
    return ![status, timeout, id].includes(ABSENT) && origZone === ABSENT && replyZone === ABSENT;
  }

  #hasTcp(): boolean {
    const { tcpState, origTcpFlags, replyTcpFlags } = this.#layout;
    return ![tcpState, origTcpFlags, replyTcpFlags].includes(ABSENT);
  }

  #top(attribute: AttributeReader): void {
    switch (attribute.type) {
      case ct.CTA_TUPLE_ORIG:
        return this.#each(attribute.nested(), (part) => this.#tuple(part, 'orig'));
      case ct.CTA_TUPLE_REPLY:
        return this.#each(attribute.nested(), (part) => this.#tuple(part, 'reply'));
      case ct.CTA_PROTOINFO:
        return this.#each(attribute.nested(), (part) => this.#protoinfo(part));
      case ct.CTA_STATUS:
        return this.#field('status', attribute, 'be32');
      case ct.CTA_TIMEOUT:
        return this.#field('timeout', attribute, 'be32');
      case ct.CTA_ID:
        return this.#field('id', attribute, 'be32');
      case ct.CTA_ZONE:
        this.#field('origZone', attribute, 'be16');
        return this.#field('replyZone', attribute, 'be16');
    }
  }

  #tuple(attribute: AttributeReader, direction: 'orig' | 'reply'): void {
    switch (attribute.type) {
      case ct.CTA_TUPLE_IP:
        return this.#each(attribute.nested(), (part) => this.#address(part, direction));
      case ct.CTA_TUPLE_PROTO:
        return this.#each(attribute.nested(), (part) => this.#port(part, direction));
      case ct.CTA_TUPLE_ZONE:
        return this.#field(`${direction}Zone`, attribute, 'be16');
    }
  }

  #address(attribute: AttributeReader, direction: 'orig' | 'reply'): void {
    const isIpv4 = attribute.type === ct.CTA_IP_V4_SRC || attribute.type === ct.CTA_IP_V4_DST;
    if (attribute.length !== (isIpv4 ? 4 : 16)) return;
    if (isIpv4) this.#ipv4 += 1;
    else this.#ipv6 += 1;
    switch (attribute.type) {
      case ct.CTA_IP_V4_SRC:
      case ct.CTA_IP_V6_SRC:
        return this.#field(`${direction}Source`, attribute, 'address');
      case ct.CTA_IP_V4_DST:
      case ct.CTA_IP_V6_DST:
        return this.#field(`${direction}Destination`, attribute, 'address');
    }
  }

  #port(attribute: AttributeReader, direction: 'orig' | 'reply'): void {
    switch (attribute.type) {
      case ct.CTA_PROTO_NUM:
        if (direction === 'orig') this.#field('protocol', attribute, 'u8');
        return;
      case ct.CTA_PROTO_SRC_PORT:
        return this.#field(`${direction}SourcePort`, attribute, 'be16');
      case ct.CTA_PROTO_DST_PORT:
        return this.#field(`${direction}DestinationPort`, attribute, 'be16');
      case ct.CTA_PROTO_ICMP_ID:
      case ct.CTA_PROTO_ICMPV6_ID:
        // The identifier is the port of the side that NAT rewrites (nf_nat_manip_pkt, icmp_manip_pkt).
        return this.#field(direction === 'orig' ? 'origSourcePort' : 'replyDestinationPort', attribute, 'be16');
    }
  }

  #protoinfo(attribute: AttributeReader): void {
    if (attribute.type !== ct.CTA_PROTOINFO_TCP) return;
    this.#each(attribute.nested(), (part) => {
      switch (part.type) {
        case ct.CTA_PROTOINFO_TCP_STATE:
          return this.#field('tcpState', part, 'u8');
        case ct.CTA_PROTOINFO_TCP_FLAGS_ORIGINAL:
          return this.#field('origTcpFlags', part, 'u8');
        case ct.CTA_PROTOINFO_TCP_FLAGS_REPLY:
          return this.#field('replyTcpFlags', part, 'u8');
      }
    });
  }

  #each(attributes: AttributeReader, visit: (attribute: AttributeReader) => void): void {
    while (attributes.next()) {
      const header = attributes.start - 4;
      this.#checks.push((header - this.#start) >> 2, attributes.view.getInt32(header, true));
      visit(attributes);
    }
    this.#truncated += attributes.truncated;
  }

  #field(field: Field, attribute: AttributeReader, size: keyof typeof FIELD_BYTES): void {
    if (attribute.length >= FIELD_BYTES[size]) this.#layout[field] = (attribute.start - this.#start) >> 2;
  }
}
