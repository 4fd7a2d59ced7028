// Others' ports that come to lie inside the range by a change: whose they are, whether that hurts here, how often.
import { judgeClaims, overlaps } from '../analysis/claims-in-range.ts';
import type { ClaimInRange } from '../analysis/diagnosis.ts';
import { STARTS } from '../alloc/port-search.ts';
import { formatCount } from '../model/number-text.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { type PortRange, formatRange, rangeContains, rangeSize } from '../model/port-range.ts';
import { TCP, UDP } from '../model/protocol.ts';
import type { OpenedConflict } from './plan.ts';
import { VXLAN_PORT } from '../analysis/lowest-start.ts';
import type { Ports } from './situation.ts';

/** Claims inside `range` that are in none of today's, those that hurt first. natPortRange rules TCP and UDP alike. */
export function openedConflicts(ports: Ports, range: PortRange): readonly OpenedConflict[] {
  const claims = [...vxlanClaims(ports), ...ports.claims];
  const found = judgeClaims(
    claims,
    [TCP, UDP].map((protocol) => ({ protocol, range })),
  );
  const opened = [...nodePortClass(ports, range), ...found].filter(
    ({ claim }) => !ports.ranges.some((today) => overlaps(today, claim.ports)),
  );
  return opened
    .map((conflict) => ({ ...conflict, chance: conflict.hurts ? chanceOf(range, conflict.claim.ports) : 0 }))
    .toSorted((left, right) => right.chance - left.chance || left.claim.ports.first - right.claim.ports.first);
}

/** Chance of the worst sufferer: flows of one protocol that get any port that hurts. */
export function hurtChance(conflicts: readonly OpenedConflict[]): number {
  const of = (protocol: number): number =>
    conflicts.filter(({ claim }) => claim.protocol === protocol).reduce((sum, { chance }) => sum + chance, 0);
  return Math.min(1, Math.max(of(TCP), of(UDP)));
}

/**
 * How often a search of a nearly empty range ends on one of these ports: the start is a 16-bit number modulo the range size,
 * so the first 65536 mod size ports are drawn once more than the others (nf_nat_l4proto_unique_tuple).
 */
function chanceOf(range: PortRange, { first, last }: PortRange): number {
  const size = rangeSize(range);
  let starts = 0;
  for (let port = Math.max(first, range.first); port <= Math.min(last, range.last); port += 1)
    starts += Math.floor((STARTS - 1 - (port - range.first)) / size) + 1;
  return starts / STARTS;
}

/** VXLAN's port while VXLAN is on or not known to be off, unless it is claimed already as one whose replies are lost. */
function vxlanClaims({ vxlan, claims }: Ports): readonly PortClaim[] {
  const isSaid = claims.some(({ kind, ports }) => kind === 'untracked' && rangeContains(ports, VXLAN_PORT));
  if (vxlan === false || isSaid) return [];
  return [
    {
      kind: 'untracked',
      protocol: UDP,
      ports: { first: VXLAN_PORT, last: VXLAN_PORT },
      owner: vxlan === true ? 'VXLAN' : 'VXLAN, if it is on',
      source: vxlan === true ? 'VXLAN is on' : 'nothing says that VXLAN is off',
    },
  ];
}

/** The NodePort range as a whole: what is claimed in it now, and that more may be. */
function nodePortClass({ claims, nodePortRange }: Ports, range: PortRange): readonly ClaimInRange[] {
  if (!overlaps(range, nodePortRange)) return [];
  const isService = ({ kind }: PortClaim): boolean => kind !== 'listener' && kind !== 'tunnel' && kind !== 'untracked';
  const taken = new Set(
    claims
      .filter((claim) => isService(claim) && rangeContains(nodePortRange, claim.ports.first))
      .map(({ ports }) => ports.first),
  );
  return [
    {
      claim: { kind: 'node-port', protocol: TCP, ports: nodePortRange, owner: 'Kubernetes', source: 'NodePort range' },
      hurts: false,
      truth: `${formatCount(taken.size, 'NodePort')} of ${formatRange(nodePortRange)} ${taken.size === 1 ? 'is' : 'are'} claimed now, more may come: with conntrack rules (kube-proxy's iptables or nftables) egress and NodePort live side by side; with a load balancer that answers clients directly (IBM VPC NLB) an egress connection that leaves from its NodePort may fail`,
    },
  ];
}
