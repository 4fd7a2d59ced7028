// Whose a claimed port is, and what a claim inside the SNAT range really does on this data plane.
import type { ClaimInRange } from '../core/analysis/diagnosis.ts';
import type { PortClaim, PortClaimKind } from '../core/model/port-claim.ts';
import { protocolName } from '../core/model/protocol.ts';
import { formatPorts } from './rule-text.ts';

const KINDS: Readonly<Record<PortClaimKind, string>> = {
  listener: 'listening socket',
  tunnel: 'tunnel',
  dnat: 'redirected port',
  untracked: 'port kept out of conntrack',
  'node-port': 'NodePort',
  'health-check-node-port': 'health-check NodePort',
  'load-balancer-member': 'load-balancer member port',
  'host-port': 'hostPort',
};

/** `udp 51820 tunnel of WireGuard`. */
export function formatClaim(claim: PortClaim): string {
  const owner = claim.owner === 'unknown' || claim.owner === '' ? '' : ` of ${claim.owner}`;
  return `${protocolName(claim.protocol)} ${formatPorts(claim.ports)} ${KINDS[claim.kind]}${owner}`;
}

/** The claim with the truth about it: `udp 51820 tunnel of WireGuard: harmless: ...`. */
export function formatClaimInRange({ claim, hurts, truth }: ClaimInRange): string {
  const effect = hurts ? 'hurts' : 'harmless';
  const says = truth.startsWith(effect) ? truth : `${effect}${truth === '' ? '' : `: ${truth}`}`;
  return `${formatClaim(claim)}: ${says}`;
}
