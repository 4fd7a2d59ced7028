// What is known before a natPortRange is written, and what is said about the write: the vocabulary.
import type { IpPool } from '../model/calico/ip-pool.ts';
import type { Seen } from '../model/calico/seen.ts';
import type { NodePortRange } from '../model/node-port-range.ts';
import type { PortClaim } from '../model/port-claim.ts';
import type { PortRange } from '../model/port-range.ts';
import type { EffectiveNatPortRange } from './range-chain.ts';

/** What takes packets to NodePorts, which decides whether a SNAT port that equals a NodePort hurts. */
export type NodePortPlane = (typeof NODE_PORT_PLANES)[number];

export const NODE_PORT_PLANES = [
  'kube-proxy-iptables',
  'kube-proxy-nftables',
  'kube-proxy-ipvs',
  'calico-ebpf',
  'cilium',
  'ovn-kubernetes',
  'unknown',
] as const;

/** Who translates pods' egress on the nodes: only Calico follows natPortRange. */
export type EgressMasquerader = 'calico' | 'cilium' | 'ovn-kubernetes' | 'windows' | 'other' | 'unknown';

export interface RangeWriteFacts {
  /** The FelixConfiguration that would be written: `default`, `node.worker-3`. */
  readonly object: string;
  /** Present chains of the nodes that the object is to rule. */
  readonly nodes: readonly EffectiveNatPortRange[];
  readonly pools: Seen<readonly IpPool[]>;
  /** UDP port of VXLAN while it is on; `value: undefined` when it is off. */
  readonly vxlanPort: Seen<number | undefined>;
  readonly nodePorts: NodePortRange;
  readonly nodePortPlane: NodePortPlane;
  /** Ports of the nodes that are members of load balancers with direct server return; the owner is their Service. */
  readonly memberPorts: Seen<readonly PortClaim[]>;
  readonly masquerader: EgressMasquerader;
}

export type WriteRemarkId =
  | 'named-port'
  | 'single-port'
  | 'undecodable'
  | 'none'
  | 'below-1024'
  | 'stored-undecodable'
  | 'shadowed-by-environment'
  | 'shadowed-by-config-file'
  | 'shadowed-by-annotation'
  | 'shadowed-by-node-object'
  | 'shadowed-by-selector-object'
  | 'no-nat-outgoing'
  | 'pools-not-read'
  | 'not-masqueraded-by-calico'
  | 'masquerader-unknown'
  | 'vxlan-port-inside'
  | 'vxlan-unknown'
  | 'node-ports-inside'
  | 'load-balancer-inside'
  | 'load-balancers-not-read'
  | 'no-change'
  | 'layer-not-read';

/** One reason against a write (`refusal`) or one thing to know (`warning`). */
export interface WriteRemark {
  readonly id: WriteRemarkId;
  readonly severity: 'refusal' | 'warning';
  readonly sentence: string;
  /** Nodes it is about; empty for all. */
  readonly nodes: readonly string[];
  /** What to do instead, when there is one thing. */
  readonly remedy?: string;
  /** `payments/lb`: a refusal that a person may override by naming this. */
  readonly conflict?: string;
}

export interface WriteJudgement {
  /** The range that may be written; undefined when the text itself is refused. */
  readonly range?: PortRange;
  /** Refusals first. */
  readonly remarks: readonly WriteRemark[];
}
