// Which rule and which range rule a port space: the first rule the kernel would evaluate that can take its flows, checked against the ports seen.
import type { Family } from '../model/address.ts';
import type { NatAction, NatRule } from '../model/nat-rule.ts';
import { ownerName } from '../model/owner-name.ts';
import {
  type PortRange,
  UNRESTRICTED_RANGE,
  formatRange,
  rangeContains,
  rangeSize,
  rangesEqual,
} from '../model/port-range.ts';
import { ICMP, ICMPV6 } from '../model/protocol.ts';
import type { EffectiveRange } from './diagnosis.ts';
import { ANY_TRAFFIC, type EgressTraffic, canTake, sourceCoverage, takesSource } from './egress-traffic.ts';

/** What the flows themselves say about the range. */
export interface RangeWitness {
  /** SNAT ports of the flows of the protocol or port space, or an even sample of them. */
  readonly ports: ArrayLike<number>;
  /** How many of them equal the source's own port: a rule without a random flag keeps it. */
  readonly kept?: number;
  /** Lowest and highest SNAT port among flows that began while we watched; undefined when none was seen. */
  readonly newest?: PortRange;
}

/** A rule that translates, with the translation at hand. */
export interface TranslatingRule {
  readonly rule: NatRule;
  readonly action: Extract<NatAction, { kind: 'masquerade' | 'snat' }>;
}

/** Whose range is asked for. */
export interface RangeSubject {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly family: Family;
  /** What the ports seen say; it overrules the order of the rules only where that is next to impossible. */
  readonly witness?: RangeWitness;
  readonly traffic?: EgressTraffic;
  /** False when the rules could not be read: then nothing is said about who sets the range. */
  readonly rulesRead?: boolean;
}

/** From here on a guess from the ports alone counts: 20 flows all inside half of the ports by chance is 1 in a million. */
const WITNESS_FLOWS = 20;

/** A rule is ruled out when the ports seen would come about under it with less than this chance. */
const IMPOSSIBLE = 1e-3;

/** 32768-65535 is half of 1024-65535, so a rule that ignores the range puts about half of its flows outside. */
const MANY_OUTSIDE = 0.25;

/** Flows that are older than the rule, or of other traffic, do not keep a rule from fitting. */
const FEW_OUTSIDE = 0.02;

/** ip_local_port_range by default: where a pod's own ports lie, which a rule without a random flag keeps. */
const OWN_PORTS: PortRange = { first: 32_768, last: 60_999 };

/** Echo identifiers have no privileged part: an unset range is all of them. */
const ALL_IDENTIFIERS: PortRange = { first: 0, last: 65_535 };

/** The egress rules that may take a protocol's pod traffic, in the order the kernel evaluates them. */
export function egressRules(rules: readonly NatRule[], protocol: number, family: Family): readonly TranslatingRule[] {
  return translatingRules(rules, { protocol, family }).filter(({ rule }) => rule.scope === 'egress');
}

/** The rules of any scope that translate a protocol, in the order the kernel evaluates them. */
export function translatingRules(
  rules: readonly NatRule[],
  { protocol, family }: Pick<RangeSubject, 'protocol' | 'family'>,
): readonly TranslatingRule[] {
  const candidates = rules.filter(
    (rule) =>
      (rule.family === 'inet' || (rule.family === 'ip') === (family === 4)) &&
      (rule.match.protocol === undefined || rule.match.protocol === protocol),
  );
  return candidates
    .toSorted((left, right) => left.order - right.order)
    .flatMap((rule) =>
      rule.action.kind === 'masquerade' || rule.action.kind === 'snat' ? [{ rule, action: rule.action }] : [],
    );
}

/**
 * The range that rules a port space, or a protocol's pod egress.
 *
 * @param rules The namespace's source-NAT rules.
 * @param subject Whose range, and what its flows say.
 */
export function effectiveRange(rules: readonly NatRule[], subject: RangeSubject): EffectiveRange {
  const { witness = NO_WITNESS, traffic = ANY_TRAFFIC, protocol } = subject;
  const possible = translatingRules(rules, subject).filter(({ rule }) => canTake(rule, traffic));
  const egress = possible.filter(({ rule }) => rule.scope === 'egress');
  const evidence: Evidence = { protocol, witness, traffic };
  const first = ruleOfMost(egress, traffic);
  if (first === undefined) return marked(possible, evidence) ?? inferredRange(subject);
  const installed = likelier(first, { ...evidence, egress });
  if (shareOutside(installed.range, witness.ports) < MANY_OUTSIDE) return installed;
  const other = marked(possible, evidence) ?? fitting(egress, { ...evidence, installed });
  if (other !== undefined) return other;
  return contradicted(installed, witness) ? overruled(installed, { protocol, witness }) : installed;
}

const NO_WITNESS: RangeWitness = { ports: [] };

interface Evidence {
  readonly protocol: number;
  readonly witness: RangeWitness;
  readonly traffic: EgressTraffic;
}

function rangeOf({ rule, action }: TranslatingRule, protocol: number): EffectiveRange {
  const isDefault = action.range === undefined;
  return { range: action.range ?? defaultRange(protocol), isDefault, owner: rule.owner, rule };
}

/** nf_nat_l4proto_unique_tuple: 1024-65535 for source ports from 1024, any echo identifier for ICMP. */
function defaultRange(protocol: number): PortRange {
  return protocol === ICMP || protocol === ICMPV6 ? ALL_IDENTIFIERS : UNRESTRICTED_RANGE;
}

/** The first rule each source meets; the one that so gets most of the flows. */
function ruleOfMost(rules: readonly TranslatingRule[], { sources }: EgressTraffic): RuleChoice | undefined {
  const taken = new Map<TranslatingRule, number>();
  let all = 0;
  for (const source of sources) {
    const first = rules.find(({ rule }) => takesSource(rule, source));
    all += source.flows;
    if (first !== undefined) taken.set(first, (taken.get(first) ?? 0) + source.flows);
  }
  const chosen = [...taken].toSorted(([, left], [, right]) => right - left)[0]?.[0] ?? rules[0];
  if (chosen === undefined) return undefined;
  return { chosen, elsewhere: all === 0 ? 0 : 1 - (taken.get(chosen) ?? 0) / all };
}

interface RuleChoice {
  readonly chosen: TranslatingRule;
  /** Share of the flows whose sources another rule takes first. */
  readonly elsewhere: number;
}

/** The chosen rule, or a later one for the same sources whose narrower range holds every port seen, which luck does not explain. */
function likelier(
  { chosen, elsewhere }: RuleChoice,
  { protocol, witness, traffic, egress }: Evidence & { readonly egress: readonly TranslatingRule[] },
): EffectiveRange {
  let current = chosen;
  for (const later of egress.slice(egress.indexOf(chosen) + 1))
    if (sourceCoverage(later.rule, traffic) >= 0.5 && outlikes(later, { current, protocol, witness })) current = later;
  const effective = rangeOf(current, protocol);
  if (current !== chosen) return { ...effective, note: takesOther(rangeOf(chosen, protocol), effective.range) };
  if (elsewhere === 0) return effective;
  const percent = Math.max(1, Math.round(100 * elsewhere));
  return { ...effective, note: `${percent} % of the flows come from sources that another rule takes` };
}

function takesOther(passed: EffectiveRange, range: PortRange): string {
  const sets = passed.isDefault ? 'sets no range' : `allows ${formatRange(passed.range)}`;
  return `an earlier rule (${ownerName(passed.owner)}) ${sets}, but all flows seen are inside ${formatRange(range)}`;
}

/** Whether the ports are all inside the later rule's range, and would hardly be so under the current one. */
function outlikes(
  later: TranslatingRule,
  { current, protocol, witness }: Pick<Evidence, 'protocol' | 'witness'> & { readonly current: TranslatingRule },
): boolean {
  const { ports, kept = 0 } = witness;
  const narrow = later.action.range;
  if (narrow === undefined || ports.length === 0 || shareOutside(narrow, ports) > 0) return false;
  const wide = rangeOf(current, protocol).range;
  const keeps = current.action.random === 'none' ? kept : 0;
  const odds = (ports.length - keeps) * advantage(narrow, wide) + keeps * advantage(narrow, OWN_PORTS);
  return odds > -Math.log(IMPOSSIBLE);
}

/** How much likelier one port inside both ranges is under the narrow one, as a logarithm. */
function advantage(narrow: PortRange, wide: PortRange): number {
  const shared = Math.min(narrow.last, wide.last) - Math.max(narrow.first, wide.first) + 1;
  return shared <= 0 ? 0 : Math.max(0, Math.log(rangeSize(wide) / shared));
}

/** A rule for redirected (Service) packets whose range holds the ports of redirected flows. */
function marked(
  possible: readonly TranslatingRule[],
  { protocol, witness, traffic }: Evidence,
): EffectiveRange | undefined {
  if ((traffic.redirectedShare ?? 0) < 0.5) return undefined;
  const rules = possible.filter(({ rule }) => rule.scope === 'service-mark' || rule.scope === 'other');
  const byMark = rules.toSorted((left, right) => rank(left) - rank(right));
  const fit = byMark.map((rule) => rangeOf(rule, protocol)).find(({ range }) => fits(range, witness.ports));
  return fit === undefined ? undefined : { ...fit, note: 'these flows were redirected to a Service and masqueraded' };
}

function rank({ rule }: TranslatingRule): number {
  return rule.scope === 'service-mark' ? 0 : 1;
}

/** A later rule that names a range, where the one before it cannot have given most of the ports. */
function fitting(
  egress: readonly TranslatingRule[],
  { protocol, witness, traffic, installed }: Evidence & { readonly installed: EffectiveRange },
): EffectiveRange | undefined {
  const { ports, newest } = witness;
  if (ports.length < WITNESS_FLOWS || (newest !== undefined && holds(installed.range, newest))) return undefined;
  const later = egress.filter(({ rule, action }) => action.range !== undefined && sourceCoverage(rule, traffic) >= 0.5);
  const fit = later.map((rule) => rangeOf(rule, protocol)).find(({ range }) => fits(range, ports));
  return fit === undefined ? undefined : { ...fit, note: takesOther(installed, fit.range) };
}

function fits(range: PortRange, ports: ArrayLike<number>): boolean {
  return shareOutside(range, ports) <= FEW_OUTSIDE;
}

/** New flows outside the range, and many old ones too: a single stray flow (a marked Service packet) proves nothing. */
function contradicted({ range, isDefault }: EffectiveRange, { newest }: RangeWitness): boolean {
  return !isDefault && newest !== undefined && !holds(range, newest);
}

/** No rule takes these flows: what the ports seen suggest, snapped to the two usual lower ends when these are near. */
function inferredRange({ witness = NO_WITNESS, protocol, rulesRead = true }: RangeSubject): EffectiveRange {
  const unset = { range: defaultRange(protocol), isDefault: true, owner: 'unknown' } as const;
  const count = witness.ports.length;
  if (count < WITNESS_FLOWS)
    return rulesRead ? unset : { ...unset, note: 'not known: the rules could not be read, and few ports were seen' };
  const seen = extent(witness.ports);
  const slack = (10 * (seen.last - seen.first + 1)) / count;
  const first = [1024, 32_768].find((usual) => seen.first >= usual && seen.first - usual <= slack) ?? seen.first;
  const range = { first, last: 65_535 - seen.last <= slack ? 65_535 : seen.last };
  return {
    range,
    isDefault: rulesRead && rangesEqual(range, unset.range),
    owner: 'unknown',
    note: rulesRead
      ? `no rule says so: ports ${formatRange(seen)} were seen`
      : `inferred from the ports seen (${formatRange(seen)}): the rules could not be read`,
  };
}

function extent(ports: ArrayLike<number>): PortRange {
  let [first, last] = [65_535, 0];
  for (let index = 0; index < ports.length; index += 1) {
    first = Math.min(first, ports[index] ?? first);
    last = Math.max(last, ports[index] ?? last);
  }
  return { first, last };
}

function shareOutside(range: PortRange, ports: ArrayLike<number>): number {
  let outside = 0;
  for (let index = 0; index < ports.length; index += 1)
    if (!rangeContains(range, ports[index] ?? range.first)) outside += 1;
  return ports.length === 0 ? 0 : outside / ports.length;
}

function overruled(
  installed: EffectiveRange,
  subject: { readonly protocol: number; readonly witness: RangeWitness },
): EffectiveRange {
  const newest = subject.witness.newest ?? installed.range;
  return {
    range: defaultRange(subject.protocol),
    isDefault: true,
    owner: 'unknown',
    note: `the rule allows ${formatRange(installed.range)}, but flows that began just now use ${formatRange(newest)}: another rule takes them`,
  };
}

function holds(range: PortRange, inner: PortRange): boolean {
  return inner.first >= range.first && inner.last <= range.last;
}
