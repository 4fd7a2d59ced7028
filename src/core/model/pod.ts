// A pod as far as source NAT is concerned: its addresses on its node, the node's ports it takes, and whose it is.
import type { Workload } from './workload.ts';

/** A port of the node that a pod takes: `hostPort` of any of its containers. */
export interface HostPort {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly port: number;
  /** `hostIP`; absent for every address of the node. */
  readonly address?: string;
}

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  /** `spec.nodeName`. */
  readonly node: string;
  /** `status.podIPs`, canonical text; with `hostNetwork` those of the node, which say nothing about the pod. */
  readonly addresses: readonly string[];
  readonly isHostNetwork: boolean;
  readonly hostPorts: readonly HostPort[];
  readonly workload: Workload;
  /** `status.startTime`, RFC 3339. */
  readonly startedAt?: string;
}

/** `payments/checkout-7f8d-x2x9p`. */
export function podName({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
