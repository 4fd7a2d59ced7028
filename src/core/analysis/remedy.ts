// Steps that exist in this release and help when ports run out: a wider range where that pays, else more nodes.
import type { NodeFacts } from '../model/node-facts.ts';
import { UDP } from '../model/protocol.ts';
import type { SpaceContext } from './check-context.ts';

export const SPREAD =
  'run the pods that open these connections on more nodes, or let them reuse connections (keep-alive, pooling)';

/** IANA's VXLAN port: the lower end must lie above it where replies to it are kept out of conntrack. */
const VXLAN_PORT = 4789;

/** A start between here and 32768 gains almost nothing: the search start is u16 modulo range size (docs/checks/exhausted.md). */
const HALF_WAY = 12_000;

/** The lowest start a wide range may have on this node: 1025, or above every tunnel port that is kept out of conntrack. */
export function lowestStart(facts: NodeFacts): number {
  const tunnels = facts.claims.filter(
    ({ kind, protocol, owner }) => kind === 'tunnel' && protocol === UDP && /vxlan|geneve/i.test(owner),
  );
  const untracked = facts.natRules.untrackedPorts.filter(({ protocol }) => protocol === UDP);
  const unseen = facts.gaps.some(({ id }) => id === 'links' || id === 'nat-rules' || id === 'nat-rules-legacy');
  const ports = [...tunnels, ...untracked].map(({ ports: { last } }) => last).filter((port) => port < HALF_WAY);
  const highest = Math.max(unseen || ports.length > 0 ? VXLAN_PORT : 0, ...ports);
  return Math.max(1025, highest + 1);
}

/** A wider range as a command, when the owner is known and it pays; else the other remedy. */
export function remedyForPorts({ facts, effective }: SpaceContext): string {
  const start = lowestStart(facts);
  if (effective.range.first < HALF_WAY) return SPREAD;
  if (effective.owner === 'calico') return patchRange(start);
  return `${SPREAD}; or widen the range of the rule to ${start}-65535`;
}

/** What to know before the range is widened; empty when that is not the remedy. */
export function cautionForPorts({ effective }: SpaceContext): string[] {
  if (effective.range.first < HALF_WAY) return [];
  return [
    'A range that starts below 32768 includes NodePorts: harmless on a conntrack data plane, not with a load balancer that answers clients directly or an eBPF data plane (docs/checks/conflict.md). With Calico, a change restarts Felix on every node; open connections keep their ports.',
  ];
}

/** Calico's own command; the range must be written with a colon. */
export function patchRange(start: number): string {
  return `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange": "${start}:65535"}}'`;
}
