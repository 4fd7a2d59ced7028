// What goes into one address translation and what comes out, in small numbers: no packet, no address text.
import type { NatRandom } from '../../model/nat-rule.ts';
import type { Port } from '../../model/port-range.ts';
import type { PoolPart } from '../capacity/port-pool.ts';

/**
 * How one of several SNAT addresses is chosen. `hash`: by source and remote address, so that a pair of them always gets the same
 * (`snat to A-D`). `persistent`: by source alone (`persistent`). `random`: anew for each flow (`numgen random` in a map).
 */
export type AddressChoice = 'hash' | 'persistent' | 'random';

/** What a rule says (nf_nat_range2), whether MASQUERADE or SNAT wrote it; the same for IPv4 and IPv6. */
export interface NatTranslation {
  /**
   * NF_NAT_RANGE_PROTO_SPECIFIED: the ranges the rule may pick, with their shares; several are `numgen random` over parts, of
   * which each attempt gets one, without a fallback. Undefined: no range is given and the source port's class decides.
   */
  readonly parts: readonly PoolPart[] | undefined;
  /** NF_NAT_RANGE_PROTO_RANDOM, NF_NAT_RANGE_PROTO_RANDOM_FULLY: neither tries to keep a port. */
  readonly random: NatRandom;
  /** How many SNAT addresses there are (NF_NAT_RANGE_MAP_IPS, min_addr .. max_addr); they are numbered from 0. */
  readonly addresses: number;
  readonly addressChoice: AddressChoice;
}

/**
 * The first packet of a flow as it reaches POSTROUTING, after DNAT; of TCP a SYN, since no other packet takes ports over. Source and
 * remote are numbers that stand for addresses.
 */
export interface NewFlow {
  /** IPPROTO_*. */
  readonly protocol: number;
  /** Whose flow it is (src.u3 of the ORIGINAL tuple); not one of the SNAT addresses, see NatAllocator.bind for those. */
  readonly source: number;
  /** Its own port, or its echo identifier (src.u). */
  readonly sourcePort: Port;
  readonly remote: number;
  /** 0 for ICMP. */
  readonly remotePort: Port;
}

/** A tuple as the remote sees it: what conntrack compares (REPLY direction of an SNAT flow, ORIGINAL of an inbound one). */
export interface HeldTuple {
  readonly protocol: number;
  readonly address: number;
  readonly port: Port;
  readonly remote: number;
  readonly remotePort: Port;
}

/** What became of a flow. */
export interface Allocation {
  /** Number of the SNAT address. */
  readonly address: number;
  /** The port it leaves with; -1 when the search gave up (the kernel then leaves the last candidate in, and drops it). */
  readonly port: Port;
  /** Whether the port was not searched for: its own, or that of another flow from the same source port. */
  readonly kept: boolean;
  /** Whether a closing entry was taken over for it. */
  readonly evicted: boolean;
  /** The entry that was taken over, or -1. */
  readonly evictedEntry: number;
  /** What the kernel added to its counter `found`: each tuple that was looked up and taken, the evicting candidates excepted. */
  readonly found: number;
  /** __nf_conntrack_confirm found the tuple taken: `insert_failed` and `drop` are one higher and nothing else is left. */
  readonly dropped: boolean;
  /** The entry, for close and release; -1 when the packet was dropped. */
  readonly entry: number;
}
