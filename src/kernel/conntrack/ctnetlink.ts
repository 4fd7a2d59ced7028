// Numbers of the ctnetlink protocol (include/uapi/linux/netfilter/nfnetlink_conntrack.h, nfnetlink_compat.h).

/** nlmsg_type is subsystem << 8 | message; NFNL_SUBSYS_CTNETLINK = 1. */
export const IPCTNL_MSG_CT_NEW = 0x100;
export const IPCTNL_MSG_CT_GET = 0x101;
export const IPCTNL_MSG_CT_DELETE = 0x102;
export const IPCTNL_MSG_CT_GET_STATS_CPU = 0x104;
export const IPCTNL_MSG_CT_GET_STATS = 0x105;

export const NFNLGRP_CONNTRACK_NEW = 1;
export const NFNLGRP_CONNTRACK_DESTROY = 3;

/** struct nfgenmsg behind the netlink header. */
export const NFGENMSG_BYTES = 4;

export const CTA_TUPLE_ORIG = 1;
export const CTA_TUPLE_REPLY = 2;
export const CTA_STATUS = 3;
export const CTA_PROTOINFO = 4;
export const CTA_TIMEOUT = 7;
export const CTA_ID = 12;
export const CTA_ZONE = 18;
export const CTA_STATUS_MASK = 26;

export const CTA_TUPLE_IP = 1;
export const CTA_TUPLE_PROTO = 2;
export const CTA_TUPLE_ZONE = 3;

export const CTA_IP_V4_SRC = 1;
export const CTA_IP_V4_DST = 2;
export const CTA_IP_V6_SRC = 3;
export const CTA_IP_V6_DST = 4;

export const CTA_PROTO_NUM = 1;
export const CTA_PROTO_SRC_PORT = 2;
export const CTA_PROTO_DST_PORT = 3;
export const CTA_PROTO_ICMP_ID = 4;
export const CTA_PROTO_ICMPV6_ID = 7;

export const CTA_PROTOINFO_TCP = 1;
export const CTA_PROTOINFO_TCP_STATE = 1;
export const CTA_PROTOINFO_TCP_FLAGS_ORIGINAL = 4;
export const CTA_PROTOINFO_TCP_FLAGS_REPLY = 5;

/** enum ctattr_stats_cpu. */
export const CTA_STATS_FOUND = 2;
export const CTA_STATS_INVALID = 4;
export const CTA_STATS_INSERT_FAILED = 9;
export const CTA_STATS_DROP = 10;
export const CTA_STATS_EARLY_DROP = 11;
export const CTA_STATS_CLASH_RESOLVE = 14;
export const CTA_STATS_CHAIN_TOOLONG = 15;

/** enum ctattr_stats_global. */
export const CTA_STATS_GLOBAL_ENTRIES = 1;
export const CTA_STATS_GLOBAL_MAX_ENTRIES = 2;
