// What is to be planned for: one hottest destination, its load, the nodes that carry it, and what rules their ports.
import type { Family } from '../model/address.ts';
import type { NodePortPlane } from '../analysis/range-write.ts';
import type { HoldPattern } from '../alloc/capacity/port-pool.ts';
import type { SearchBehaviour } from '../alloc/port-search.ts';
import type { NatOwner } from '../model/nat-rule.ts';
import type { PortClaim } from '../model/port-claim.ts';
import type { PortRange } from '../model/port-range.ts';

/** How much is asked of one destination (protocol, remote address, remote port), over all nodes. */
export interface Load {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly family: Family;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** New flows per second; undefined when only the number of held ports is known. */
  readonly perSecond?: number;
  /** Mean seconds a flow holds its port, closing states included; undefined with perSecond. */
  readonly holdSeconds?: number;
  /** Flows that hold a port at once: perSecond x holdSeconds, or as counted. Closing ones included. */
  readonly flows: number;
  /** 0..1 of the hold time before TIME_WAIT or CLOSE. */
  readonly liveShare: number;
  readonly pattern: HoldPattern;
  /** Share of flows whose remote closes first, 0..1; undefined when not known. */
  readonly remoteClosesFirst?: number;
}

/** The nodes that carry the load, and how it is laid out on them. */
export interface Placement {
  /** Nodes in the cluster that may run the pods. */
  readonly nodes: number;
  /** Pods that open these flows; undefined when not known. */
  readonly pods?: number;
  /** Share of the load on the hottest node, 0..1. */
  readonly hottestShare: number;
  /** The most nodes the autoscaler may make, when given. */
  readonly maxNodes?: number;
  /** Extra pods during a rollout (maxSurge), counted on the hottest node. */
  readonly surgePods: number;
}

/** What rules the ports on each node. */
export interface Ports {
  /** The parts of the range; one unless it is split already. */
  readonly ranges: readonly PortRange[];
  /** True when no rule names a range. */
  readonly isDefault: boolean;
  readonly owner: NatOwner;
  readonly snatAddresses: number;
  /** Others' ports: all of the node, not only those inside the range. */
  readonly claims: readonly PortClaim[];
  readonly behaviour: SearchBehaviour;
  /** Undefined: not known, so a start above 4789 is taken. */
  readonly vxlan?: boolean;
  /** `--service-node-port-range` of the cluster. */
  readonly nodePortRange: PortRange;
  /** What takes packets to NodePorts; undefined: not known. */
  readonly nodePortPlane?: NodePortPlane;
  /** CIDRs of the pods; a ruleset of our own needs them. Undefined: not known. */
  readonly podCidrs?: readonly string[];
  /** The addresses that the rule names (SNAT); undefined where it takes the device's (MASQUERADE). */
  readonly snatTo?: readonly string[];
  /** Further addresses that are routed to the node and may be used; none when absent. */
  readonly spareAddresses?: readonly string[];
}

/** `--service-node-port-range` by default. */
export const NODE_PORT_RANGE: PortRange = { first: 30_000, last: 32_767 };

export interface Situation {
  /** `node worker-3`, or `figures given`. */
  readonly subject: string;
  readonly load: Load;
  readonly placement: Placement;
  readonly ports: Ports;
  /** Seconds of nf_conntrack_tcp_timeout_time_wait; the kernel's 120 when not read. */
  readonly timeWaitSeconds: number;
  /** The workload that opens the flows when it is known. */
  readonly workload?: Workload;
  /** Chance that the next flow is lost right now, from the ports held on the node; absent where none was read. */
  readonly measuredDrop?: number;
  /** What was not given and is taken to be so, a sentence each. */
  readonly assumptions: readonly string[];
}

/** `deployment` `checkout` in a namespace. */
export interface Workload {
  readonly namespace: string;
  readonly name: string;
  /** As kubectl takes it: `deployment`, `statefulset`, `daemonset`. */
  readonly kind: string;
  /** spec.selector.matchLabels; read by the command itself when absent. */
  readonly matchLabels?: Readonly<Record<string, string>>;
}

/** A situation described by hand. Everything but the destination and its load may be left out. */
export interface PlainFigures {
  readonly protocol: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Either both of these or `flows`, over all nodes. */
  readonly perSecond?: number;
  readonly holdSeconds?: number;
  /** Connections held at once; without a rate they are taken to be long-lived. */
  readonly flows?: number;
  readonly pattern?: HoldPattern;
  readonly liveShare?: number;
  readonly remoteClosesFirst?: number;
  readonly nodes?: number;
  readonly pods?: number;
  readonly hottestShare?: number;
  readonly maxNodes?: number;
  readonly surgePods?: number;
  readonly ranges?: readonly PortRange[];
  readonly owner?: NatOwner;
  readonly addresses?: number;
  readonly spareAddresses?: readonly string[];
  readonly claims?: readonly PortClaim[];
  readonly behaviour?: SearchBehaviour;
  readonly vxlan?: boolean;
  readonly nodePortRange?: PortRange;
  readonly podCidrs?: readonly string[];
  readonly timeWaitSeconds?: number;
  readonly workload?: Workload;
}
