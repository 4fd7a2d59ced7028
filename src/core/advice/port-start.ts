// Where an egress range may start: above the ports whose replies never come back through conntrack.
import { UDP } from '../model/protocol.ts';
import type { Ports } from './situation.ts';

/** The lowest LOWER that IBM documents for natPortRange (1025..32767). */
export const LOWEST_START = 1025;

/** IANA's VXLAN port. Calico 3.29 and later keeps it out of conntrack (felix rules/static.go), so replies to it stay untranslated. */
export const VXLAN_PORT = 4789;

/** Untracked ports from here on are skipped by a split, not by a start: above it a range loses more than it gains. */
const HIGHEST_START = 12_000;

/** The lowest start that keeps every untracked or VXLAN port below the range. */
export function lowestStart(ports: Ports): number {
  const highest = Math.max(0, ...portsToPass(ports).filter((port) => port < HIGHEST_START));
  return Math.max(LOWEST_START, highest + 1);
}

/** UDP ports of tunnels and raw rules that a reply would be lost on; VXLAN's own while it is not known to be off. */
function portsToPass({ claims, vxlan }: Ports): readonly number[] {
  const known = claims.filter(
    ({ kind, protocol, owner }) =>
      protocol === UDP && (kind === 'untracked' || (kind === 'tunnel' && /vxlan|geneve/i.test(owner))),
  );
  return [...known.map(({ ports }) => ports.last), ...(vxlan === false ? [] : [VXLAN_PORT])];
}
