// Someone else's interest in a port number of the node.
import type { PortRange } from './port-range.ts';

export type PortClaimKind =
  | 'listener'
  | 'tunnel'
  | 'dnat'
  | 'untracked'
  | 'node-port'
  | 'health-check-node-port'
  | 'load-balancer-member'
  | 'host-port';

/** A claim, where it was seen, and whose it is as far as that is known. */
export interface PortClaim {
  readonly kind: PortClaimKind;
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly ports: PortRange;
  /** Local address the claim is bound to; undefined for any. */
  readonly address?: string;
  /** `kubelet`, `Calico VXLAN`, `kube-proxy`, ... or `unknown`. */
  readonly owner: string;
  /** The source that said so: `sock_diag`, `link vxlan.calico`, `nat ip KUBE-NODEPORTS`. */
  readonly source: string;
}

/** Whether two claims are to the very same ports. */
export function claimSamePorts(left: PortClaim, right: PortClaim): boolean {
  return (
    left.protocol === right.protocol && left.ports.first === right.ports.first && left.ports.last === right.ports.last
  );
}
