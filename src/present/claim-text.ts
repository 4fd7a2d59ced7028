// Whose a claimed port is, and what a claim inside the SNAT range really does on this data plane.
import type { ClaimInRange } from '../core/analysis/diagnosis.ts';
import { claimNoun } from '../core/model/claim-noun.ts';
import { ownerName } from '../core/model/owner-name.ts';
import type { PortClaim } from '../core/model/port-claim.ts';
import { protocolName } from '../core/model/protocol.ts';
import { formatPorts } from './rule-text.ts';

/** `udp 51820 tunnel of WireGuard`. */
export function formatClaim(claim: PortClaim): string {
  const owner = claim.owner === 'unknown' || claim.owner === '' ? '' : ` of ${ownerName(claim.owner)}`;
  return `${protocolName(claim.protocol)} ${formatPorts(claim.ports)} ${claimNoun(claim.kind)}${owner}`;
}

/** The claim with the truth about it: `udp 51820 tunnel of WireGuard: harmless: ...`. */
export function formatClaimInRange({ claim, hurts, truth }: ClaimInRange): string {
  const effect = hurts ? 'hurts' : 'harmless';
  const says = truth.startsWith(effect) ? truth : `${effect}${truth === '' ? '' : `: ${truth}`}`;
  return `${formatClaim(claim)}: ${says}`;
}
