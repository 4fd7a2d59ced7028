// rule-order: an earlier masquerade rule without a range takes pod traffic before the rule that has one. Page: docs/checks/rule-order.md
import { ownerName } from '../../model/owner-name.ts';
import { parseAddress } from '../../model/address.ts';
import type { NatRule } from '../../model/nat-rule.ts';
import { formatRange, rangeContains, type PortRange } from '../../model/port-range.ts';
import { TCP, UDP, protocolName } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import { type TranslatingRule, egressRules } from '../effective-range.ts';
import type { Finding } from '../finding.ts';

/** So many flows, all inside the range, prove that the earlier rule takes other traffic. */
const PROOF_FLOWS = 20;

/** Fires per protocol; one finding for each earlier rule. */
export function checkRuleOrder(context: NodeContext): readonly Finding[] {
  const pairs = [TCP, UDP].flatMap((protocol) =>
    ([4, 6] as const).flatMap((family) => shadowed(context, { protocol, family })),
  );
  const cleared = new Set(pairs.filter((pair) => provenHarmless(context, pair)).map(({ earlier }) => earlier));
  const byEarlier = new Map(pairs.toReversed().map((pair) => [pair.earlier, pair]));
  return [...byEarlier.values()].filter(({ earlier }) => !cleared.has(earlier)).map((pair) => report(context, pair));
}

interface Shadowed {
  readonly protocol: number;
  readonly earlier: NatRule;
  readonly ranged: NatRule;
  readonly range: PortRange;
}

function shadowed(context: NodeContext, subject: { readonly protocol: number; readonly family: 4 | 6 }): Shadowed[] {
  const rules = egressRules(context.facts.natRules.sourceNat, subject.protocol, subject.family);
  const at = rules.findIndex(({ action }) => action.range !== undefined);
  const ranged = rules[at];
  const range = ranged?.action.range;
  if (ranged === undefined || range === undefined) return [];
  const earlier = rules.slice(0, at).filter((rule) => mayTakePods(context, rule));
  return earlier.map(({ rule }) => ({ protocol: subject.protocol, earlier: rule, ranged: ranged.rule, range }));
}

/** All flows of a protocol both rules take are inside the range: the earlier rule takes other traffic, for every protocol. */
function provenHarmless({ survey }: NodeContext, { protocol, range }: Shadowed): boolean {
  const ports = survey.portSamples.get(protocol) ?? new Uint16Array(0);
  return ports.length >= PROOF_FLOWS && ports.every((port) => rangeContains(range, port));
}

/** A rule for marked packets, one destination or one port takes special traffic; a source network that no flow comes from takes none of it. */
function mayTakePods({ facts, survey }: NodeContext, { rule }: TranslatingRule): boolean {
  const { mark, destination, destinationPort, source } = rule.match;
  if (mark !== undefined || destinationPort !== undefined) return false;
  if (destination !== undefined && !destination.startsWith('!')) return false;
  if (source === undefined || source.startsWith('!') || survey.sources.length === 0)
    return rule.owner !== 'docker' && rule.owner !== 'libvirt';
  return survey.sources.some(
    (row) => isInside(facts.flows.addresses.subarray(row * 16, row * 16 + 16), source) !== false,
  );
}

/** Whether an address lies in `a.b.c.d/n`; undefined when the text is not a network (a named set). */
function isInside(address: Uint8Array, network: string): boolean | undefined {
  const [text = '', length] = network.split('/');
  const base = parseAddress(text);
  if (base === undefined) return undefined;
  const bits = length === undefined ? 128 : Number(length) + (text.includes(':') ? 0 : 96);
  for (let bit = 0; bit < bits; bit += 1) {
    const mask = 0x80 >>> (bit & 7);
    if (((address[bit >>> 3] ?? 0) & mask) !== ((base[bit >>> 3] ?? 0) & mask)) return false;
  }
  return true;
}

function report({ facts, survey }: NodeContext, { protocol, earlier, ranged, range }: Shadowed): Finding {
  const ports = survey.portSamples.get(protocol) ?? new Uint16Array(0);
  const outside = ports.filter((port) => !rangeContains(range, port)).length;
  return aboutNode(facts.gaps, {
    check: 'rule-order',
    severity: 'warning',
    sentence: `A masquerade rule without a port range (${whose(earlier)}) comes before the one that sets ${formatRange(range)} (${whose(ranged)}), so the range does not rule pod egress.`,
    numbers: {
      outsideShare: {
        value: ports.length === 0 ? 0 : outside / ports.length,
        unit: 'share',
        source: 'SNAT ports seen in the conntrack dump',
      },
      ...(earlier.packets === undefined
        ? {}
        : { earlierFlows: { value: earlier.packets, unit: 'packets', source: 'counter of the earlier rule' } }),
    },
    because: [
      `The kernel evaluates ${whose(earlier)} as number ${earlier.order} and ${whose(ranged)} as number ${ranged.order}; the first rule that translates decides.`,
      `${outside} of ${ports.length} ${protocolName(protocol)} flows looked at use a port outside ${formatRange(range)}.`,
    ],
    base: outside > 0 ? 'high' : earlier.match.other.length > 0 ? 'low' : 'medium',
    weights: { 'nat-rules': 'low', 'nat-rules-legacy': 'medium', 'nat-rule-unknown': 'medium', flows: 'medium' },
    remedy: `exempt pod traffic from ${whose(earlier)}, or let its owner leave the masquerade to ${ownerName(ranged.owner)}`,
  });
}

function whose(rule: NatRule): string {
  return `${ownerName(rule.owner)}, ${rule.table} ${rule.path.at(-1) ?? ''}`.trim();
}
