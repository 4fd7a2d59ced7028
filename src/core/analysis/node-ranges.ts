// The range of a node's ordinary pod egress per protocol: rules for other traffic (bridges of Docker and libvirt, one destination) do not decide it.
import type { Family } from '../model/address.ts';
import { familyOf } from '../model/address.ts';
import type { NatOwner, NatRule } from '../model/nat-rule.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { rangesEqual } from '../model/port-range.ts';
import { TCP, UDP } from '../model/protocol.ts';
import type { ProtocolRange } from './claims-in-range.ts';
import type { EffectiveRange } from './diagnosis.ts';
import { effectiveRange, egressRules } from './effective-range.ts';
import { type EgressTraffic, canTake } from './egress-traffic.ts';
import { wereRulesRead } from './rules-read.ts';
import { type FlowSurvey, egressSample } from './survey-flows.ts';

/** Owners whose egress rules are for pods. */
const POD_OWNERS: ReadonlySet<NatOwner> = new Set([
  'calico',
  'cilium',
  'flannel',
  'kindnet',
  'ip-masq-agent',
  'aws-vpc-cni',
  'antrea',
  'cni-plugins',
]);

/** With fewer flows the ports seen cannot tell which of several rules takes pod egress. */
const FEW_FLOWS = 20;

/**
 * The egress ranges of TCP and UDP, IPv4 first. A protocol that no egress rule translates and no SNATed flow uses has
 * none; IPv6 has one of its own only where it differs from IPv4's.
 */
export function nodeRanges(facts: NodeFacts, survey: FlowSurvey): readonly ProtocolRange[] {
  const [ipv4, ipv6] = ([4, 6] as const).map((family) =>
    [TCP, UDP].flatMap((protocol) => protocolRange(facts, { protocol, family, survey })),
  );
  const own = (ipv6 ?? []).filter(({ protocol, effective }) => {
    const other = ipv4?.find((range) => range.protocol === protocol)?.effective;
    return other === undefined || !sameRange(other, effective);
  });
  return [...(ipv4 ?? []), ...own];
}

/** Whether two protocols or families may use the same ports for the same reason. */
export function sameRange(left: EffectiveRange, right: EffectiveRange): boolean {
  return left.isDefault === right.isDefault && rangesEqual(left.range, right.range);
}

/** Whether a rule is for the containers or virtual machines of a bridge of its own. */
export function isBridgeRule({ owner }: NatRule): boolean {
  return owner === 'docker' || owner === 'libvirt';
}

interface Subject {
  readonly protocol: number;
  readonly family: Family;
  readonly survey: FlowSurvey;
}

function protocolRange(facts: NodeFacts, { protocol, family, survey }: Subject): ProtocolRange[] {
  const rules = egressRules(facts.natRules.sourceNat, protocol, family).map(({ rule }) => rule);
  const sample = egressSample(survey, { protocol, family });
  if (rules.length === 0 && sample.flows === 0) return [];
  const sources = survey.sources.filter(({ address }) => familyOf(address) === family);
  const chosen = podRules(rules, { sources });
  const decisive = sample.ports.length < FEW_FLOWS ? preferred(chosen) : chosen;
  const effective = effectiveRange(decisive, {
    protocol,
    family,
    witness: sample,
    traffic: { sources },
    rulesRead: wereRulesRead(facts),
  });
  return [{ protocol, family, effective }];
}

/** The rules that may take ordinary pod egress; bridges and narrow rules only where there is nothing else. */
function podRules(rules: readonly NatRule[], traffic: EgressTraffic): readonly NatRule[] {
  const possible = rules.filter((rule) => canTake(rule, traffic));
  const broad = possible.filter((rule) => !isNarrow(rule));
  const ordinary = broad.filter((rule) => !isBridgeRule(rule));
  return [ordinary, broad, possible, rules].find((list) => list.length > 0) ?? [];
}

/** One destination or one port is not the ordinary way out. */
function isNarrow({ match: { destination, destinationPort } }: NatRule): boolean {
  return destinationPort !== undefined || (destination !== undefined && !destination.startsWith('!'));
}

/** From the first rule of a pod network on; all of them when there is none. */
function preferred(rules: readonly NatRule[]): readonly NatRule[] {
  const first = rules.findIndex(({ owner }) => POD_OWNERS.has(owner));
  return first < 0 ? rules : rules.slice(first);
}
