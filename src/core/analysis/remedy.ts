// Steps that exist in this release and help when ports run out: what the flows call for, and a wider range where that pays.
import type { NodeFacts } from '../model/node-facts.ts';
import { rangeSize } from '../model/port-range.ts';
import { UDP } from '../model/protocol.ts';
import type { SpaceContext } from './check-context.ts';
import { allClaims } from './claims-in-range.ts';
import { HALF_WAY, lowestStart, vxlanSeen } from './lowest-start.ts';

export const SPREAD =
  'run the pods that open these connections on more nodes, or let them reuse connections (keep-alive, pooling)';

/** The lowest start that a wide range may have on this node. */
export function lowestStartOn(facts: NodeFacts): number {
  const vxlan = vxlanSeen(facts);
  return lowestStart({ claims: allClaims(facts), ...(vxlan === undefined ? {} : { vxlan }) });
}

/** From this share on, one address is the cause and a range for all is the second-best answer. */
const ONE_SOURCE_SHARE = 0.8;

const DNS_PORT = 53;

/** What helps this space most, then a wider range where that pays: as a command, last, when the owner is known. */
export function remedyForPorts(context: SpaceContext): string {
  return withWiderRange(context, adviceFor(context));
}

/** The same where ports come back too early rather than too late. */
export function remedyForReuse(context: SpaceContext): string {
  const wider = paysToWiden(context) ? '; a wider range also delays reuse' : '';
  return withWiderRange(context, `let the client close first, or keep connections open${wider}`);
}

/** Steps for what these flows are; undefined where nothing sets them apart. */
function adviceFor({ facts, space, use, sources }: SpaceContext): string | undefined {
  if (space.protocol === UDP && space.remotePort === DNS_PORT && use.oneShot > use.used / 2)
    return 'answer DNS on the node (NodeLocal DNSCache), or send fewer queries';
  const [largest] = sources;
  if (largest === undefined || largest.share < ONE_SOURCE_SHARE) return undefined;
  const alone = `${largest.address} alone holds ${Math.floor(largest.share * 100)} %`;
  return facts.addresses.includes(largest.address)
    ? `reuse: ${alone}; let that program on the node keep connections open`
    : `spread or reuse: ${alone}; run it as more pods on more nodes, or let it keep connections open`;
}

function withWiderRange(context: SpaceContext, advice: string | undefined): string {
  const start = lowestStartOn(context.facts);
  if (!paysToWiden(context)) return advice ?? SPREAD;
  if (context.effective.owner !== 'calico')
    return `${advice ?? SPREAD}; or widen the range of the rule to ${start}-65535`;
  return advice === undefined ? patchRange(start) : `${advice}; or: ${patchRange(start)}`;
}

/** Whether the widest useful range is clearly wider than this one. */
function paysToWiden({ effective }: SpaceContext): boolean {
  return rangeSize(effective.range) <= 65_535 - HALF_WAY;
}

/** What to know before the range is widened; empty when that is not the remedy. */
export function cautionForPorts(context: SpaceContext): string[] {
  if (!paysToWiden(context)) return [];
  return [
    'A range that starts below 32768 includes NodePorts: harmless on a conntrack data plane, not with a load balancer that answers clients directly or an eBPF data plane (docs/checks/conflict.md). With Calico, patching natPortRange restarts Felix on every node; open connections keep their ports.',
  ];
}

/** Calico's own command; the range must be written with a colon. */
export function patchRange(start: number): string {
  return `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange": "${start}:65535"}}'`;
}
