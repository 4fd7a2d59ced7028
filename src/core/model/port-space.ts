// The unit of exhaustion: the kernel needs a free port per port space, not per node (nf_conntrack_tuple_taken).

/** One port space with what one snapshot counted in it. Addresses are canonical text. */
export interface PortSpace {
  /** Row in the FlowTable's port-space columns. */
  readonly index: number;
  /** Conntrack zone (CTA_ZONE), 0 unless a zone is used. */
  readonly zone: number;
  /** IPPROTO_*: see protocol.ts. */
  readonly protocol: number;
  /** The address flows leave with: REPLY tuple's destination. */
  readonly snatAddress: string;
  /** REPLY tuple's source address. */
  readonly remoteAddress: string;
  /** REPLY tuple's source port; 0 for ICMP. */
  readonly remotePort: number;
  /** Entries that hold a port here: SNATed, host-owned and inbound. */
  readonly flows: number;
}

/** `tcp 203.0.113.9:443 via 192.0.2.10`. */
export function formatPortSpace(space: PortSpace, protocolName: string): string {
  const host = space.remoteAddress.includes(':') ? `[${space.remoteAddress}]` : space.remoteAddress;
  const remote = space.remotePort === 0 ? host : `${host}:${space.remotePort}`;
  return `${protocolName} ${remote} via ${space.snatAddress}${space.zone === 0 ? '' : ` zone ${space.zone}`}`;
}
