// One conntrack entry as a reader fills it in, field by field, and overwrites it with the next: nothing is allocated per entry.

/** Where each address starts in `addresses`: four 32-bit words each, as they lie in memory (network order). */
export const ORIG_SOURCE = 0;
export const ORIG_DESTINATION = 4;
export const REPLY_SOURCE = 8;
export const REPLY_DESTINATION = 12;

/** IPS_SRC_NAT (enum ip_conntrack_status). */
export const IPS_SRC_NAT = 0x10;
/** IPS_DST_NAT. */
export const IPS_DST_NAT = 0x20;

/** Every number fits 32 bits signed or is stored as such, so that the engine keeps it unboxed. */
export class ConntrackEntry {
  isIpv4 = true;
  /** IPPROTO_*. */
  protocol = 0;
  /** For IPv4 only the fourth word of each address is set and read. */
  readonly addresses = new Int32Array(16);
  /** ICMP and ICMPv6: the echo identifier. */
  origSourcePort = 0;
  /** ICMP and ICMPv6: 0. */
  origDestinationPort = 0;
  /** ICMP and ICMPv6: 0. */
  replySourcePort = 0;
  /** ICMP and ICMPv6: the echo identifier. */
  replyDestinationPort = 0;
  /** Zone of the ORIGINAL and of the REPLY tuple: they differ when a zone is set for one direction only. */
  origZone = 0;
  replyZone = 0;
  /** IPS_* bits (CTA_STATUS). */
  status = 0;
  timeoutSeconds = 0;
  /** CTA_ID as a signed 32-bit number; 0 when the source does not tell. */
  id = 0;
  /** TCP_CONNTRACK_*. */
  tcpState = 0;
  /** IP_CT_TCP_FLAG_* per direction. */
  origTcpFlags = 0;
  replyTcpFlags = 0;
}
