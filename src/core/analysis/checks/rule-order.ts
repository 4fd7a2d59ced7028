// rule-order: an earlier source-NAT rule without a range takes pod traffic before the rule that has one. Page: docs/checks/rule-order.md
import type { Family } from '../../model/address.ts';
import type { NatRule } from '../../model/nat-rule.ts';
import { ownerName } from '../../model/owner-name.ts';
import { formatRange, rangeContains, type PortRange } from '../../model/port-range.ts';
import { TCP, UDP, protocolName } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import { egressRules } from '../effective-range.ts';
import type { Finding, Quantity } from '../finding.ts';
import { coversNetwork, matchNetwork } from '../match-network.ts';
import { isBridgeRule } from '../node-ranges.ts';
import { egressSample } from '../survey-flows.ts';

/** So many flows, all inside the range, prove that the earlier rule takes other traffic. */
const PROOF_FLOWS = 20;

/** Fires per owner and table of the earlier rules, in evaluation order. */
export function checkRuleOrder(context: NodeContext): readonly Finding[] {
  const pairs = [TCP, UDP].flatMap((protocol) =>
    ([4, 6] as const).flatMap((family) => shadowed(context, { protocol, family })),
  );
  const cleared = new Set(pairs.filter((pair) => provenHarmless(context, pair)).map(({ earlier }) => earlier));
  const byEarlier = new Map(pairs.toReversed().map((pair) => [pair.earlier, pair]));
  const guilty = [...byEarlier.values()].filter(({ earlier }) => !cleared.has(earlier));
  const ordered = guilty.toSorted((left, right) => left.earlier.order - right.earlier.order);
  const groups = new Map<string, Shadowed[]>();
  for (const pair of ordered) {
    const key = `${pair.earlier.owner} ${pair.earlier.table}`;
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  return [...groups.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [report(context, { ...first, count: 1 + more.length })],
  );
}

interface Shadowed {
  readonly protocol: number;
  readonly family: Family;
  readonly earlier: NatRule;
  readonly ranged: NatRule;
  readonly range: PortRange;
}

function shadowed(context: NodeContext, subject: { readonly protocol: number; readonly family: Family }): Shadowed[] {
  const { protocol, family } = subject;
  const rules = egressRules(context.facts.natRules.sourceNat, protocol, family).filter(({ rule }) => !isNarrow(rule));
  const at = rules.findIndex(({ rule, action }) => action.range !== undefined && !isBridgeRule(rule));
  const ranged = rules[at];
  const range = ranged?.action.range;
  if (ranged === undefined || range === undefined) return [];
  const earlier = rules.slice(0, at).filter(({ action }) => action.range === undefined);
  return earlier
    .filter(({ rule }) => mayTakePods(context, { rule, ranged: ranged.rule }))
    .map(({ rule }) => ({ protocol, family, earlier: rule, ranged: ranged.rule, range }));
}

/**
 * All flows of a protocol both rules take are inside the range: the earlier rule takes other traffic, for every protocol.
 * A rule without a random flag keeps the pod's own port, which mostly lies inside: such flows prove nothing.
 */
function provenHarmless({ survey }: NodeContext, pair: Shadowed): boolean {
  const { ports, kept } = egressSample(survey, pair);
  const { action } = pair.earlier;
  const keeps = (action.kind === 'masquerade' || action.kind === 'snat') && action.random === 'none';
  const witnesses = ports.length - (keeps ? kept : 0);
  return witnesses >= PROOF_FLOWS && ports.every((port) => rangeContains(pair.range, port));
}

/** A rule for marked packets, one destination or one port takes special traffic. */
function isNarrow({ match: { mark, destination, destinationPort } }: NatRule): boolean {
  if (mark !== undefined || destinationPort !== undefined) return true;
  return destination !== undefined && !destination.startsWith('!');
}

/** A source network takes pods that were seen in it, or those of the ranged rule when it holds that rule's whole network. */
function mayTakePods(
  { survey }: NodeContext,
  { rule, ranged }: { readonly rule: NatRule; readonly ranged: NatRule },
): boolean {
  const { source } = rule.match;
  const answers = source === undefined ? [] : survey.sources.map(({ address }) => matchNetwork(address, source));
  if (answers.includes(true)) return true;
  if (isBridgeRule(rule)) return false;
  if (source === undefined || source.replace(/^!/, '').startsWith('@')) return true;
  if (source.startsWith('!')) return answers.length === 0;
  return ranged.match.source !== undefined && coversNetwork(source, ranged.match.source);
}

function report({ facts, survey }: NodeContext, { count, ...pair }: Shadowed & { readonly count: number }): Finding {
  const { protocol, earlier, ranged, range } = pair;
  const { ports } = egressSample(survey, pair);
  const outside = ports.filter((port) => !rangeContains(range, port)).length;
  const [subject, come, first] =
    count === 1
      ? [`A ${kindOf(earlier)}`, 'comes', '']
      : [`${count} ${kindOf(earlier)}s`, 'come', `, the first as number ${earlier.order}`];
  return aboutNode(facts.gaps, {
    check: 'rule-order',
    severity: 'warning',
    sentence: `${subject} without a port range (${whose(earlier)}${first}) ${come} before the one that sets ${formatRange(range)} (${whose(ranged)}), so the range does not rule pod egress.`,
    numbers: numbersOf(earlier, { outside, seen: ports.length, count }),
    because: [
      `The kernel evaluates ${whose(earlier)} as number ${earlier.order} and ${whose(ranged)} as number ${ranged.order}; the first rule that translates decides.`,
      ...(ports.length === 0
        ? []
        : [
            `${outside} of ${ports.length} ${protocolName(protocol)} flows looked at use a port outside ${formatRange(range)}.`,
          ]),
    ],
    base: outside > 0 ? 'high' : earlier.match.other.length > 0 ? 'low' : 'medium',
    weights: {
      'nat-rules': 'low',
      'nat-rules-legacy': 'medium',
      'nat-rule-unknown': 'medium',
      'nat-rules-backend': 'medium',
      flows: 'medium',
    },
    remedy: `exempt pod traffic from the rule in ${placeOf(earlier)}, or let ${writerOf(earlier)} leave pod egress to ${ranged.owner === 'unknown' ? 'the rule that sets the range' : ownerName(ranged.owner)}`,
  });
}

/** What was counted; a share of no flow at all is left out. */
function numbersOf(
  { packets }: NatRule,
  { outside, seen, count }: { readonly outside: number; readonly seen: number; readonly count: number },
): Record<string, Quantity> {
  const numbers: Record<string, Quantity> = {};
  if (seen > 0)
    numbers['outsideShare'] = { value: outside / seen, unit: 'share', source: 'SNAT ports seen in the conntrack dump' };
  if (count > 1) numbers['earlierRules'] = { value: count, unit: 'rules', source: 'evaluation order of the NAT rules' };
  if (packets !== undefined)
    numbers['earlierFlows'] = { value: packets, unit: 'packets', source: 'counter of the earlier rule' };
  return numbers;
}

function kindOf({ action }: NatRule): string {
  return action.kind === 'snat' ? 'source-NAT rule' : 'masquerade rule';
}

function whose(rule: NatRule): string {
  return `${ownerName(rule.owner)}, ${placeOf(rule)}`;
}

function placeOf({ table, path }: NatRule): string {
  return `${table} ${path.at(-1) ?? ''}`.trim();
}

function writerOf({ owner }: NatRule): string {
  return owner === 'unknown' ? 'the program that wrote it' : ownerName(owner);
}
