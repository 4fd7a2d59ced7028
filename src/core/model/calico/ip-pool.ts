// A Calico IPPool: whose pods are source-NATed, and which destinations count as inside.

export interface IpPool {
  readonly name: string;
  readonly cidr: string;
  readonly natOutgoing: boolean;
  /** No new addresses from it; its CIDR still counts as inside, and its pods are still translated. */
  readonly disabled: boolean;
  /** `Always` | `CrossSubnet` | `Never`. */
  readonly vxlanMode: string;
  readonly ipipMode: string;
  /** `Workload`, `Tunnel`, `LoadBalancer`; empty = all but LoadBalancer. */
  readonly allowedUses: readonly string[];
}
