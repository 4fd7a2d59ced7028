// Which ports a search may look at, when a rule names a range and when it names none.
// Source: nf_nat_l4proto_unique_tuple in net/netfilter/nf_nat_core.c; for 4.x nf_nat_proto_common.c and nf_nat_proto_icmp.c.
import { MAX_PORT, type Port, type PortRange, UNRESTRICTED_RANGE } from '../../model/port-range.ts';
import { ICMP, ICMPV6, SCTP, TCP, UDP } from '../../model/protocol.ts';
import type { SearchBehaviour } from '../port-search.ts';

const DCCP = 33;
const UDPLITE = 136;

/** Source ports below 512, and from 512 to 1023, stay among themselves: remotes once took them for a sign of privilege. */
const LOWEST_CLASS: PortRange = { first: 1, last: 511 };
const LOW_CLASS: PortRange = { first: 600, last: 1023 };

const ALL_IDS: PortRange = { first: 0, last: MAX_PORT };
/** 4.x sets the size of the range to 0xFFFF, so that the last identifier is never given. */
const ALL_IDS_BUT_ONE: PortRange = { first: 0, last: MAX_PORT - 1 };

/** Whether flows of this protocol have a port or an echo identifier that NAT may change. Of GRE only PPTP has, left out here. */
export function hasPorts(protocol: number): boolean {
  switch (protocol) {
    case TCP:
    case UDP:
    case SCTP:
    case DCCP:
    case UDPLITE:
      return true;
    default:
      return hasEchoIds(protocol);
  }
}

function hasEchoIds(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

/** What decides the range of a search. */
export interface RangeQuestion {
  readonly protocol: number;
  readonly sourcePort: Port;
  /** What the rule names; undefined when it names none. */
  readonly range: PortRange | undefined;
  readonly behaviour: SearchBehaviour;
}

/** The ports a search looks at; undefined for a protocol whose port is never changed. */
export function searchRange({ protocol, sourcePort, range, behaviour }: RangeQuestion): PortRange | undefined {
  if (!hasPorts(protocol)) return undefined;
  if (range !== undefined) return range;
  if (hasEchoIds(protocol)) return behaviour.search === 'full-scan' ? ALL_IDS_BUT_ONE : ALL_IDS;
  return portClass(sourcePort);
}

/** The class of a source port: where a rule without a range may move it, whatever the address family. */
export function portClass(sourcePort: Port): PortRange {
  if (sourcePort < 512) return LOWEST_CLASS;
  return sourcePort < 1024 ? LOW_CLASS : UNRESTRICTED_RANGE;
}
