// Where an egress range may start: above the ports whose replies never come back through conntrack.
import type { NodeFacts } from '../model/node-facts.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { UDP } from '../model/protocol.ts';

/** The lowest LOWER that IBM documents for natPortRange (1025..32767). */
const LOWEST_START = 1025;

/** IANA's VXLAN port. Calico 3.29 and later keeps it out of conntrack (felix rules/static.go), so replies to it stay untranslated. */
export const VXLAN_PORT = 4789;

/** A start between here and 32768 gains almost nothing: the search start is u16 modulo range size (docs/checks/exhausted.md). */
export const HALF_WAY = 12_000;

/** What is known of the ports that a reply would be lost on. */
export interface LostReplies {
  readonly claims: readonly PortClaim[];
  /** Undefined: not known, so VXLAN is taken to be on. */
  readonly vxlan?: boolean;
}

/** The lowest start that keeps every untracked or VXLAN port below the range, as far as those lie below HALF_WAY. */
export function lowestStart({ claims, vxlan }: LostReplies): number {
  const ports = claims.filter(losesReplies).map(({ ports: { last } }) => last);
  const all = vxlan === false ? ports : [...ports, VXLAN_PORT];
  return Math.max(LOWEST_START, ...all.filter((port) => port < HALF_WAY).map((port) => port + 1));
}

/** Whether datagrams that come back to this port may stay untranslated: a raw rule, or a tunnel that has or may get one. */
export function losesReplies({ kind, protocol, owner }: PortClaim): boolean {
  return protocol === UDP && (kind === 'untracked' || (kind === 'tunnel' && /vxlan|geneve/i.test(owner)));
}

/** Whether VXLAN is on: a device of it, or a raw rule for its port; unknown where either could not be read. */
export function vxlanSeen({ claims, natRules, gaps, linksRead = false }: NodeFacts): boolean | undefined {
  const device = claims.some(({ kind, owner }) => kind === 'tunnel' && /vxlan/i.test(owner));
  if (device || natRules.untrackedPorts.some(({ ports }) => ports.first === VXLAN_PORT)) return true;
  // On a real node the kubelet listens at least: where nothing at all is claimed and nobody says so (a simulated one), nobody looked.
  if (claims.length === 0 && !linksRead) return undefined;
  const unseen = gaps.some(({ id }) => id === 'links' || id === 'nat-rules' || id === 'nat-rules-legacy');
  return unseen ? undefined : false;
}
