// A virtual-time cluster as data: nodes, destinations, workloads, and what happens to them. Units are in the names.
import type { KernelEra } from '../core/alloc/kernel-era.ts';
import type { NatRandom } from '../core/model/nat-rule.ts';
import type { PortRange } from '../core/model/port-range.ts';

/** A random or fixed duration. */
export type Hold =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'exponential'; readonly meanSeconds: number }
  | { readonly kind: 'uniform'; readonly fromSeconds: number; readonly toSeconds: number }
  | { readonly kind: 'lognormal'; readonly medianSeconds: number; readonly p99Seconds: number }
  /** Stays open to the end. */
  | { readonly kind: 'forever' };

/** How a TCP connection ends: decides who keeps TIME_WAIT, and how long the port stays held (nf_conntrack_tcp_timeout_*). */
export type Closer = 'client' | 'server' | 'reset' | 'vanish';

export interface SimNodes {
  readonly count: number;
  /** Parts with equal odds per port; one is what natPortRange gives. Undefined: no range (1024-65535 for most flows). */
  readonly ranges?: readonly PortRange[];
  readonly random: NatRandom;
  /** A pod keeps one of them per destination: the kernel chooses by a hash of both addresses. */
  readonly snatAddresses: number;
  readonly kernel: KernelEra;
  /** As it was typed, where that was a release rather than an era. */
  readonly release?: string;
  /** nf_conntrack_max; a full table drops every new flow (early_drop is not simulated). */
  readonly conntrackMax: number;
  readonly timeWaitSeconds: number;
  readonly closeSeconds: number;
  /** nf_conntrack_udp_timeout; a flow that is answered for more than 2 s keeps its port for 120 s after its last packet. */
  readonly udpSeconds: number;
}

export interface SimDestination {
  readonly name: string;
  /** IPPROTO_TCP or IPPROTO_UDP. */
  readonly protocol: number;
  readonly address: string;
  readonly port: number;
  /** False: nothing answers, every SYN is held SYN_SENT for 120 s. */
  readonly answers: boolean;
  /** How long the server keeps TIME_WAIT when it closes first; reuse of the port before that is slow (PAWS). */
  readonly timeWaitSeconds: number;
}

export interface SimWorkload {
  readonly name: string;
  readonly pods: number;
  /** Pods round-robin over all nodes, or all on the first `nodes`. */
  readonly onNodes?: number;
  /** Name of a destination. */
  readonly destination: string;
  /** New connections per second of all pods together. */
  readonly perSecond: number;
  readonly arrivals: 'poisson' | 'regular';
  readonly hold: Hold;
  readonly closer: Closer;
  /** A connect that is not done by then has failed. */
  readonly connectTimeoutSeconds: number;
  readonly startSeconds: number;
  /** Undefined: to the end. */
  readonly stopSeconds?: number;
}

/** Something that happens at an instant of virtual time. */
export type SimEvent = { readonly atSeconds: number } & (
  | { readonly kind: 'nat-port-range'; readonly ranges: readonly PortRange[] }
  /** Every pod of the workload is replaced within so many seconds: its connections end, and its successors open as many anew. */
  | { readonly kind: 'deploy'; readonly workload: string; readonly overSeconds: number }
  | {
      readonly kind: 'burst';
      readonly workload: string;
      /** Connections per second on top of the usual ones. */
      readonly perSecond: number;
      readonly forSeconds: number;
    }
  | { readonly kind: 'rate'; readonly workload: string; readonly perSecond: number }
  | { readonly kind: 'nodes'; readonly count: number }
);

export interface SimScenario {
  readonly name: string;
  readonly story?: string;
  readonly seed: number;
  readonly durationSeconds: number;
  /** Step of the series. */
  readonly sampleSeconds: number;
  readonly nodes: SimNodes;
  readonly destinations: readonly SimDestination[];
  readonly workloads: readonly SimWorkload[];
  readonly events: readonly SimEvent[];
}
