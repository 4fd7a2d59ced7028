// What Portolan keeps of a conntrack entry's status, packed into one byte per flow.
// Left: our bit. Comment: the kernel's bit (enum ip_conntrack_status, CTA_STATUS) or where else the fact comes from.

/** IPS_SRC_NAT 0x10: the source was translated; the flow holds a SNAT port. */
export const SRC_NAT = 1;
/** IPS_SEEN_REPLY 0x2. */
export const SEEN_REPLY = 2;
/** IPS_ASSURED 0x4. */
export const ASSURED = 4;
/** IPS_FIXED_TIMEOUT 0x400: never evicted. */
export const FIXED_TIMEOUT = 8;
/** IPS_OFFLOAD 0x4000 or IPS_HW_OFFLOAD 0x8000: evicted without its port being reused in that probe. */
export const OFFLOADED = 16;
/** IP_CT_TCP_FLAG_CLOSE_INIT 0x4 in CTA_PROTOINFO_TCP_FLAGS_REPLY: the remote sent the first FIN, so it holds TIME_WAIT. */
export const REMOTE_CLOSED_FIRST = 32;
/** IPS_DST_NAT 0x20. */
export const DST_NAT = 64;
/** The flow's ORIGINAL tuple holds the port: the remote opened it towards this address (NodePort, hostPort, listener). */
export const INBOUND = 128;

// Not the exported ones: those are loaded from the module at every use.
const [snat, seenReply, assured, fixedTimeout, offloaded, dnat] = [
  SRC_NAT,
  SEEN_REPLY,
  ASSURED,
  FIXED_TIMEOUT,
  OFFLOADED,
  DST_NAT,
];
/** Packs the kernel's CTA_STATUS word; REMOTE_CLOSED_FIRST and INBOUND are added by the reader. Shifts, since it runs for every flow. */
export function packStatus(ips: number): number {
  return (
    // IPS_SRC_NAT 0x10
    ((ips >>> 4) & snat) |
    // IPS_SEEN_REPLY 0x2 and IPS_ASSURED 0x4 lie where ours do.
    (ips & (seenReply | assured)) |
    // IPS_FIXED_TIMEOUT 0x400
    ((ips >>> 7) & fixedTimeout) |
    // IPS_OFFLOAD 0x4000, IPS_HW_OFFLOAD 0x8000
    (((ips >>> 10) | (ips >>> 11)) & offloaded) |
    // IPS_DST_NAT 0x20
    ((ips << 1) & dnat)
  );
}
