// The source-NAT rules of a simulated node, as Calico writes them: one for TCP, one for UDP, one for everything else.
import type { NatAction, NatRule } from '../core/model/nat-rule.ts';
import type { PortRange } from '../core/model/port-range.ts';
import { TCP, UDP } from '../core/model/protocol.ts';
import type { SimNodes } from './sim-scenario.ts';

/** The rules in force with these ranges; undefined when the scenario sets none. */
export function simulatedRules(
  { random }: SimNodes,
  node: { readonly ranges: readonly PortRange[] | undefined; readonly addresses: readonly string[] },
): readonly NatRule[] {
  const parts = node.ranges ?? [];
  const ranged = [TCP, UDP].flatMap((protocol) =>
    parts.map((range) => ({ protocol, range, other: parts.length > 1 ? ['numgen random'] : [] })),
  );
  const all = [...ranged, { protocol: undefined, range: undefined, other: [] }];
  return all.map(({ protocol, range, other }, order) => ({
    backend: 'nftables',
    family: 'ip',
    table: 'calico',
    path: ['nat-POSTROUTING', 'nat-cali-POSTROUTING', 'nat-cali-nat-outgoing'],
    priority: 100,
    order,
    match: {
      ...(protocol === undefined ? {} : { protocol }),
      source: '@cali40masq-ipam-pools',
      destination: '!@cali40all-ipam-pools',
      other,
    },
    action: actionOf(random, range, node.addresses),
    owner: 'calico',
    scope: 'egress',
  }));
}

function actionOf(random: SimNodes['random'], range: PortRange | undefined, addresses: readonly string[]): NatAction {
  const ranged = range === undefined ? {} : { range };
  return addresses.length > 1
    ? { kind: 'snat', addresses, random, ...ranged }
    : { kind: 'masquerade', random, ...ranged };
}
