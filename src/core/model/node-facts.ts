// One node at one instant, joined from its readings: the only input of the analysis.
import type { CounterDelta } from './counters.ts';
import type { FlowArrivals } from './churn.ts';
import type { FlowTable } from './flow-table.ts';
import type { Gap } from './gap.ts';
import type { KernelBehaviour } from './kernel-behaviour.ts';
import type { NatRules } from './nat-rule.ts';
import type { Pod } from './pod.ts';
import type { PortClaim } from './port-claim.ts';
import type { PortRange } from './port-range.ts';

export const NODE_FACTS_SCHEMA = 'portolan.dev/node-facts/v1';

/** How full the conntrack table is: nf_conntrack_count overstates live use, because expired entries count until collected. */
export interface TableUse {
  readonly count: number;
  readonly max: number;
}

/** Per-namespace sysctls under net.netfilter and net.ipv4; undefined when not readable. */
export interface NodeSettings {
  readonly conntrackEvents?: number;
  readonly conntrackAcct?: boolean;
  readonly tcpTimeWaitSeconds?: number;
  readonly tcpEstablishedSeconds?: number;
  readonly tcpCloseWaitSeconds?: number;
  readonly udpSeconds?: number;
  readonly udpStreamSeconds?: number;
  readonly localPortRange?: PortRange;
  readonly localReservedPorts?: string;
}

export interface NodeFacts {
  readonly schema: typeof NODE_FACTS_SCHEMA;
  readonly node: string;
  /** Local addresses of the namespace, canonical text. */
  readonly addresses: readonly string[];
  /** Wall-clock time of the snapshot, ISO 8601. */
  readonly at: string;
  readonly behaviour: KernelBehaviour;
  readonly flows: FlowTable;
  /** Undefined: no flow could be read (see gaps). */
  readonly flowsSource: 'ctnetlink' | 'proc' | 'text' | undefined;
  readonly natRules: NatRules;
  readonly claims: readonly PortClaim[];
  /** Whether the links were listed, so that a tunnel that is in no claim is not there; absent where nobody looked. */
  readonly linksRead?: boolean;
  readonly counters: CounterDelta | undefined;
  readonly arrivals: FlowArrivals | undefined;
  readonly table: TableUse | undefined;
  readonly settings: NodeSettings;
  /** Pods that run here, by the API server; undefined: it was not asked. */
  readonly pods?: readonly Pod[];
  /** Networks that pods get their addresses from, as CIDRs; undefined: not known. */
  readonly podNetworks?: readonly string[];
  /** Through what a node of a cluster was read; absent where it was not read through its API server. */
  readonly readBy?: 'agent' | 'exec';
  readonly gaps: readonly Gap[];
}
