// What follows plain tuples as ctnetlink_fill_info (net/netfilter/nf_conntrack_netlink.c) writes it on a kernel with
// CONFIG_NF_CONNTRACK_MARK and neither accounting nor time stamps: headers at places that never vary. Another kernel's
// messages are checked against the layout they taught instead, which costs more.

/** How much of a message is so: nothing, what every protocol has, that and all of TCP. */
export const NO_PLAIN_INFO = 0;
export const PLAIN_INFO = 1;
export const PLAIN_TCP_INFO = 2;
export type PlainInfo = typeof NO_PLAIN_INFO | typeof PLAIN_INFO | typeof PLAIN_TCP_INFO;

/** Attribute headers of each. */
export const PLAIN_INFO_HEADERS: readonly number[] = [0, 5, 12];
/** Words from the first attribute to the last header of all. */
export const PLAIN_INFO_WORDS = 47;

/** nla_len 8: CTA_STATUS, CTA_MARK, CTA_ID, CTA_USE, CTA_TIMEOUT. */
const STATUS = 0x0003_0008;
const MARK = 0x0008_0008;
const ID = 0x000c_0008;
const USE = 0x000b_0008;
const TIMEOUT = 0x0007_0008;
/** NLA_F_NESTED, nla_len 48: CTA_PROTOINFO; 44: CTA_PROTOINFO_TCP. */
const PROTOINFO = 0x8004_0030 | 0;
const PROTOINFO_TCP = 0x8001_002c | 0;
/** nla_len 5: CTA_PROTOINFO_TCP_STATE, _WSCALE_ORIGINAL, _WSCALE_REPLY; 6: _FLAGS_ORIGINAL, _FLAGS_REPLY. */
const STATE = 0x0001_0005;
const WSCALE_ORIGINAL = 0x0002_0005;
const WSCALE_REPLY = 0x0003_0005;
const FLAGS_ORIGINAL = 0x0004_0006;
const FLAGS_REPLY = 0x0005_0006;

/** How much of the message whose attributes start at word `base` is plain; compares with constants, for it runs for every entry. */
export function plainInfoOf(words: Int32Array, base: number): PlainInfo {
  const isPlain =
    words[base + 26] === STATUS &&
    words[base + 28] === MARK &&
    words[base + 30] === ID &&
    words[base + 32] === USE &&
    words[base + 34] === TIMEOUT;
  if (!isPlain) return 0;
  const isTcp =
    words[base + 36] === PROTOINFO &&
    words[base + 37] === PROTOINFO_TCP &&
    words[base + 38] === STATE &&
    words[base + 40] === WSCALE_ORIGINAL &&
    words[base + 42] === WSCALE_REPLY &&
    words[base + 44] === FLAGS_ORIGINAL &&
    words[base + 46] === FLAGS_REPLY;
  return isTcp ? 2 : 1;
}
