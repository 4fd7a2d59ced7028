// The answer for one node: a verdict per port space, worst first, and what holds for the node as a whole.
import type { CounterDelta } from '../model/counters.ts';
import type { Gap } from '../model/gap.ts';
import type { Holder } from '../model/holder.ts';
import type { KernelBehaviour } from '../model/kernel-behaviour.ts';
import type { NodeFacts, TableUse } from '../model/node-facts.ts';
import type { NatOwner, NatRule } from '../model/nat-rule.ts';
import type { PortClaim } from '../model/port-claim.ts';
import type { PortRange } from '../model/port-range.ts';
import type { PortSpace } from '../model/port-space.ts';
import type { Finding, Severity } from './finding.ts';

export const DIAGNOSIS_SCHEMA = 'portolan.dev/diagnosis/v1';

/** Who holds the ports of a port space. */
export interface SourceShare {
  /** Canonical address text. */
  readonly address: string;
  /** `payments/checkout-7f8d-x2x9p`: the pod that has the address, where pods are known. */
  readonly pod?: string;
  readonly ports: number;
  /** 0..1 of the space's used ports. */
  readonly share: number;
}

/** What one workload, or the node itself, holds of a port space. */
export interface HolderShare {
  readonly holder: Holder;
  /** Its pods on this node that hold ports here; 0 for what is no pod. */
  readonly pods: number;
  readonly ports: number;
  /** 0..1 of the space's used ports. */
  readonly share: number;
}

/** How many of the flows that were charted could be named. */
export interface Attribution {
  /** Used ports whose flow was opened from this side. */
  readonly openedPorts: number;
  /** Those of a pod that is there, or of the node itself. */
  readonly attributedPorts: number;
}

/** Packets that found no port in the window, where no other port space can have lost them. */
export interface SpaceLosses {
  /** The length of the window. */
  readonly seconds: number;
  readonly lostPerSecond: number;
  /** Lost over lost and confirmed, 0..1; undefined when NEW events were not counted in full. */
  readonly measuredLoss?: number;
}

/** When held ports become free again, if nothing else happens. */
export interface PortRelease {
  /** Seconds until the first, the median and the last closing or one-shot entry expires. */
  readonly firstSeconds: number;
  readonly medianSeconds: number;
  readonly lastSeconds: number;
  /** How many ports that is; entries that live as long as their connection are not in it. */
  readonly ports: number;
}

/** The range that rules this port space, and who says so. */
export interface EffectiveRange {
  readonly range: PortRange;
  /** True when no rule names a range and the kernel's own default applies. */
  readonly isDefault: boolean;
  readonly owner: NatOwner;
  readonly rule?: NatRule;
  /** Why the rules alone did not settle it: what the flows seen say. */
  readonly note?: string;
}

export interface PortSpaceVerdict {
  readonly portSpace: PortSpace;
  readonly effective: EffectiveRange;
  /** Ports of the range that some entry holds. */
  readonly usedPorts: number;
  /** Used and never evicted by this kernel. */
  readonly livePorts: number;
  /** Used, closing, and taken over by a new SYN on this kernel. */
  readonly evictablePorts: number;
  /** TIME_WAIT or CLOSE, whether or not this kernel takes them over. */
  readonly closingPorts: number;
  readonly capacityPorts: number;
  /** Chance that the next SYN or datagram finds no port, 0..1; the lower end when it is not known whether the kernel evicts. */
  readonly dropProbability: number;
  /** The same if no closing entry were taken over: the upper end. */
  readonly dropProbabilityWithoutEviction: number;
  /** Entries per TCP state name, or `UDP` etc. */
  readonly states: Readonly<Record<string, number>>;
  readonly sources: readonly SourceShare[];
  /** The same by workload, largest first; undefined: pods are not known. */
  readonly holders?: readonly HolderShare[];
  readonly attribution?: Attribution;
  /** NEW events per second, of flows that got through; undefined when no event could be read. */
  readonly newPerSecond?: number;
  /** Undefined when the losses cannot be told apart from another space's. */
  readonly losses?: SpaceLosses;
  /** Flows per second that fit at a drop probability of 1 in 1,000 with the present hold time. */
  readonly sustainablePerSecond?: number;
  /** Mean seconds a port is held, from occupancy and arrivals. */
  readonly holdSeconds?: number;
  readonly release?: PortRelease;
  /** Seconds until the space is full at the present growth; undefined when it does not grow. */
  readonly fullInSeconds?: number;
  readonly severity: Severity;
  /** The verdict first, then what else was found here. */
  readonly findings: readonly Finding[];
}

/** The spaces that were not charted. */
export interface QuietSpaces {
  readonly count: number;
  /** Highest share of capacity in use among them, 0..1. */
  readonly highestShare: number;
}

export interface LossSummary {
  readonly seconds: number;
  /** Packets that found no port or lost the confirm race. */
  readonly snat: number;
  /** True when those lost the confirm race: ports were plenty and few candidates were occupied. */
  readonly areRaces?: boolean;
  readonly tableFull: number;
  /** Port-search probes that hit an occupied port, per new flow; undefined when arrivals are not known. */
  readonly probesPerFlow?: number;
}

export interface ClaimInRange {
  readonly claim: PortClaim;
  readonly hurts: boolean;
  /** Why, for this data plane. */
  readonly truth: string;
}

export interface Diagnosis {
  readonly schema: typeof DIAGNOSIS_SCHEMA;
  readonly node: string;
  readonly addresses: readonly string[];
  readonly at: string;
  readonly behaviour: KernelBehaviour;
  /**
   * The range of ordinary pod egress per protocol name: `tcp`, `udp`, and `tcp (IPv6)` or `udp (IPv6)` where IPv6 differs.
   * A protocol that no rule translates and no SNATed flow uses is left out.
   */
  readonly ranges: readonly { readonly protocol: string; readonly effective: EffectiveRange }[];
  /** Worst of all findings. */
  readonly severity: Severity;
  /** All charted ones: worst first, then fullest. */
  readonly portSpaces: readonly PortSpaceVerdict[];
  readonly quiet: QuietSpaces;
  /** Findings about the node, worst first. */
  readonly findings: readonly Finding[];
  readonly claims: readonly ClaimInRange[];
  readonly rules: readonly NatRule[];
  readonly losses?: LossSummary;
  readonly counters?: CounterDelta;
  readonly table?: TableUse;
  readonly totals: {
    readonly flows: number;
    readonly portSpaces: number;
    readonly newPerSecond?: number;
    /** DESTROY events: a lower bound (FlowArrivals.ended). */
    readonly endedPerSecond?: number;
  };
  /** Over all charted port spaces; undefined: pods are not known. */
  readonly attribution?: Attribution;
  readonly readBy?: NodeFacts['readBy'];
  readonly gaps: readonly Gap[];
  /** The next command worth typing. */
  readonly next: string;
}
