// Where ipt_entry and ip6t_entry keep their parts (include/uapi/linux/netfilter_ipv{4,6}/ip{,6}_tables.h).

export interface LegacyLayout {
  readonly family: 4 | 6;
  readonly addressBytes: number;
  /** Offset of iniface; outiface, their masks follow at 16 bytes each. */
  readonly interfaces: number;
  readonly protocol: number;
  readonly flags: number;
  readonly inverseFlags: number;
  /** IPT_F_GOTO / IP6T_F_GOTO. */
  readonly gotoFlag: number;
  readonly targetOffset: number;
  readonly nextOffset: number;
  readonly counters: number;
  /** Matches start here. */
  readonly size: number;
}

export const IPV4_LAYOUT: LegacyLayout = {
  family: 4,
  addressBytes: 4,
  interfaces: 16,
  protocol: 80,
  flags: 82,
  inverseFlags: 83,
  gotoFlag: 0x02,
  targetOffset: 88,
  nextOffset: 90,
  counters: 96,
  size: 112,
};

export const IPV6_LAYOUT: LegacyLayout = {
  family: 6,
  addressBytes: 16,
  interfaces: 64,
  protocol: 128,
  flags: 131,
  inverseFlags: 132,
  gotoFlag: 0x04,
  targetOffset: 140,
  nextOffset: 142,
  counters: 152,
  size: 168,
};

/** Inverse flags of both families. */
export const INV_VIA_IN = 0x01;
export const INV_VIA_OUT = 0x02;
export const INV_SRCIP = 0x08;
export const INV_DSTIP = 0x10;
export const INV_PROTO = 0x40;
