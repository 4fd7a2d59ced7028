// What the facts of a node say about the range at work: the rule that takes the egress of pods, and the flows that left.
import { egressRules } from '../../analysis/effective-range.ts';
import { matchNetwork } from '../../analysis/match-network.ts';
import { nodePortPlaneOf } from '../../analysis/node-port-plane.ts';
import { isBridgeRule } from '../../analysis/node-ranges.ts';
import { wereRulesRead } from '../../analysis/rules-read.ts';
import type { Family } from '../../model/address.ts';
import type { IpPool } from '../../model/calico/ip-pool.ts';
import { SRC_NAT } from '../../model/flow-status.ts';
import type { FlowTable } from '../../model/flow-table.ts';
import type { NatRule } from '../../model/nat-rule.ts';
import type { NodeFacts } from '../../model/node-facts.ts';
import { ownerName } from '../../model/owner-name.ts';
import { TCP, UDP } from '../../model/protocol.ts';
import type { NodeLook } from './node-look.ts';
import type { FamilyRules, RuleLook } from './rule-look.ts';

export function nodeLookOfFacts(facts: NodeFacts, pools: readonly IpPool[]): Omit<NodeLook, 'felix'> {
  const { readBy } = facts;
  return { rule: ruleOf(facts, pools), flows: flowsOf(facts, pools), ...(readBy === undefined ? {} : { readBy }) };
}

function ruleOf(facts: NodeFacts, pools: readonly IpPool[]): NodeLook['rule'] {
  if (!wereRulesRead(facts)) return { seen: false, why: gapWhy(facts, 'nat-rules') };
  const { sourceNat } = facts.natRules;
  const [first, second] = translatedFamilies(sourceNat, pools);
  const look: RuleLook = {
    ...rulesOf(sourceNat, first),
    ...(second === undefined ? {} : { ipv6: rulesOf(sourceNat, second) }),
    nodePortPlane: nodePortPlaneOf(facts.natRules),
  };
  return { seen: true, value: look };
}

/**
 * Those with a pool whose pods are translated, or with a rule of Calico for them; IPv4 where nothing tells. IPv6 beside IPv4 counts
 * only by a rule of Calico: Felix writes none with Ipv6Support off, and then others' rules are no affair of natPortRange.
 */
function translatedFamilies(rules: readonly NatRule[], pools: readonly IpPool[]): readonly [Family, Family?] {
  const outgoing = pools.filter(({ natOutgoing }) => natOutgoing);
  const isRuled = (family: Family): boolean => rulesFor(rules, family).some(({ owner }) => owner === 'calico');
  const isWanted = (family: Family): boolean =>
    outgoing.some(({ cidr }) => cidr.includes(':') === (family === 6)) || isRuled(family);
  if (!isWanted(6)) return [4];
  if (!isWanted(4)) return [6];
  return isRuled(6) ? [4, 6] : [4];
}

/** Those that may take what pods send to outside; a rule for the containers of a bridge takes none of that. */
function rulesFor(rules: readonly NatRule[], family: Family, protocols = [TCP, UDP]): readonly NatRule[] {
  return protocols
    .flatMap((protocol) => egressRules(rules, protocol, family))
    .flatMap(({ rule }) => (isBridgeRule(rule) ? [] : [rule]));
}

function rulesOf(rules: readonly NatRule[], family: Family): FamilyRules {
  const [tcp, udp] = [TCP, UDP].map((protocol) => rulesFor(rules, family, [protocol])[0]);
  const other = [tcp, udp].find((rule) => rule !== undefined && rule.owner !== 'calico');
  return {
    tcp: rangeOf(tcp),
    udp: rangeOf(udp),
    ...(other === undefined
      ? {}
      : { takenBefore: `a rule of ${ownerName(other.owner)} in ${other.path.at(-1) ?? other.table}` }),
  };
}

function rangeOf(rule: NatRule | undefined) {
  if (rule?.action.kind !== 'masquerade' && rule?.action.kind !== 'snat') return undefined;
  return rule.action.range;
}

/** From pools that are translated to outside of all pools: what natPortRange is about. */
function flowsOf(facts: NodeFacts, pools: readonly IpPool[]): NodeLook['flows'] {
  if (facts.flowsSource === undefined) return { seen: false, why: gapWhy(facts, 'flows') };
  const { flows } = facts;
  const isFrom = addressTest(
    flows,
    pools.filter(({ natOutgoing }) => natOutgoing),
  );
  const isInside = addressTest(flows, pools);
  const found = new Map<string, number>();
  const { portSpace, source, id, port, sourcePort, status } = flows.flows;
  const { protocol, remoteAddress, remotePort } = flows.portSpaces;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const space = portSpace[row] ?? 0;
    const isPorted = protocol[space] === TCP || protocol[space] === UDP;
    if (!isPorted || ((status[row] ?? 0) & SRC_NAT) === 0) continue;
    if (!isFrom(source[row] ?? 0) || isInside(remoteAddress[space] ?? 0)) continue;
    const key = `${id[row]} ${protocol[space]} ${flows.address(source[row] ?? 0)}:${sourcePort[row]} ${flows.address(remoteAddress[space] ?? 0)}:${remotePort[space]}`;
    found.set(key, port[row] ?? 0);
  }
  return { seen: true, value: found };
}

/** By the address's row; each is tested once. */
function addressTest(table: FlowTable, pools: readonly IpPool[]): (row: number) => boolean {
  const known = new Map<number, boolean>();
  return (row) => {
    const answer = known.get(row);
    if (answer !== undefined) return answer;
    const bytes = table.addresses.subarray(row * 16, row * 16 + 16);
    const isInside = pools.some(({ cidr }) => matchNetwork(bytes, cidr) === true);
    known.set(row, isInside);
    return isInside;
  };
}

function gapWhy({ gaps }: NodeFacts, id: string): string {
  return gaps.find((gap) => gap.id === id)?.why ?? 'not read';
}
