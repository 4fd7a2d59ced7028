// The two tuples of an IPv4 entry with ports as ctnetlink_fill_info (net/netfilter/nf_conntrack_netlink.c) writes them: 26
// words, 16 of them attribute headers that never vary. Nearly every message of a node starts so.

/** Words of both tuples. */
export const PLAIN_TUPLE_WORDS = 26;
/** Attribute headers among them. */
export const PLAIN_HEADERS = 16;

/** Where the values lie, in words from the first attribute. */
export const PLAIN_ORIG_SOURCE = 3;
export const PLAIN_ORIG_DESTINATION = 5;
export const PLAIN_PROTOCOL = 8;
export const PLAIN_ORIG_SOURCE_PORT = 10;
export const PLAIN_ORIG_DESTINATION_PORT = 12;
export const PLAIN_REPLY_SOURCE = 16;
export const PLAIN_REPLY_DESTINATION = 18;
export const PLAIN_REPLY_SOURCE_PORT = 23;
export const PLAIN_REPLY_DESTINATION_PORT = 25;

const NESTED = 0x8000;
/** nla_len 52, CTA_TUPLE_ORIG. */
const ORIG = header(52, 1 | NESTED);
/** nla_len 52, CTA_TUPLE_REPLY. */
const REPLY = header(52, 2 | NESTED);
/** nla_len 20, CTA_TUPLE_IP. */
const IP = header(20, 1 | NESTED);
/** nla_len 8, CTA_IP_V4_SRC and CTA_IP_V4_DST. */
const V4_SRC = header(8, 1);
const V4_DST = header(8, 2);
/** nla_len 28, CTA_TUPLE_PROTO. */
const PROTO = header(28, 2 | NESTED);
/** nla_len 5, CTA_PROTO_NUM. */
const NUM = header(5, 1);
/** nla_len 6, CTA_PROTO_SRC_PORT and CTA_PROTO_DST_PORT. */
const SRC_PORT = header(6, 2);
const DST_PORT = header(6, 3);

/** Whether the words from `base` on are the headers of two such tuples. */
export function hasPlainTuples(words: Int32Array, base: number): boolean {
  return (
    words[base] === ORIG && words[base + 13] === REPLY && hasPlainTuple(words, base) && hasPlainTuple(words, base + 13)
  );
}

function hasPlainTuple(words: Int32Array, base: number): boolean {
  return (
    words[base + 1] === IP &&
    words[base + 2] === V4_SRC &&
    words[base + 4] === V4_DST &&
    words[base + 6] === PROTO &&
    words[base + 7] === NUM &&
    words[base + 9] === SRC_PORT &&
    words[base + 11] === DST_PORT
  );
}

/** struct nlattr as a little-endian word. */
function header(length: number, type: number): number {
  return (type << 16) | length;
}
