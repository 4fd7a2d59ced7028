// Which rule and which range rule a protocol's pod egress: the first egress rule the kernel would evaluate, checked against what was seen.
import type { Family } from '../model/address.ts';
import type { NatAction, NatRule } from '../model/nat-rule.ts';
import { type PortRange, UNRESTRICTED_RANGE, formatRange, rangeContains, rangesEqual } from '../model/port-range.ts';
import { ICMP, ICMPV6 } from '../model/protocol.ts';
import type { EffectiveRange } from './diagnosis.ts';

/** What the flows themselves say about the range. */
export interface RangeWitness {
  /** SNAT ports of the flows of the protocol or port space, or an even sample of them. */
  readonly ports: ArrayLike<number>;
  /** Lowest and highest SNAT port among flows that began while we watched; undefined when none was seen. */
  readonly newest?: PortRange;
}

/** A rule that translates, with the translation at hand. */
export interface TranslatingRule {
  readonly rule: NatRule;
  readonly action: Extract<NatAction, { kind: 'masquerade' | 'snat' }>;
}

/** From here on a witness counts: 20 flows all inside half of the ports by chance is 1 in a million. */
const WITNESS_FLOWS = 20;

/** 32768-65535 is half of 1024-65535, so a rule that ignores the range puts about half of its flows outside. */
const MANY_OUTSIDE = 0.25;

/** Echo identifiers have no privileged part: an unset range is all of them. */
const ALL_IDENTIFIERS: PortRange = { first: 0, last: 65_535 };

/** The egress rules that may take a protocol's pod traffic, in the order the kernel evaluates them. */
export function egressRules(rules: readonly NatRule[], protocol: number, family: Family): readonly TranslatingRule[] {
  const candidates = rules.filter(
    (rule) =>
      rule.scope === 'egress' &&
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
 * The range that rules a protocol's pod egress.
 *
 * @param rules The namespace's source-NAT rules.
 * @param subject IPPROTO_* and address family.
 * @param witness What the flows say; it overrules the rules only where they cannot be true.
 */
export function effectiveRange(
  rules: readonly NatRule[],
  subject: { readonly protocol: number; readonly family: Family; readonly witness?: RangeWitness },
): EffectiveRange {
  const candidates = egressRules(rules, subject.protocol, subject.family);
  const first = candidates[0];
  const { witness = NO_WITNESS, protocol } = subject;
  if (first === undefined) return inferredRange(witness, protocol);
  const installed = rangeOf(first, protocol);
  if (first.action.range === undefined) return laterRange(candidates, { protocol, witness }) ?? installed;
  return contradicted(first.action.range, witness) ? overruled(installed, { protocol, witness }) : installed;
}

const NO_WITNESS: RangeWitness = { ports: [] };

function rangeOf({ rule, action }: TranslatingRule, protocol: number): EffectiveRange {
  const isDefault = action.range === undefined;
  return { range: action.range ?? defaultRange(protocol), isDefault, owner: rule.owner, rule };
}

/** nf_nat_l4proto_unique_tuple: 1024-65535 for source ports from 1024, any echo identifier for ICMP. */
function defaultRange(protocol: number): PortRange {
  return protocol === ICMP || protocol === ICMPV6 ? ALL_IDENTIFIERS : UNRESTRICTED_RANGE;
}

/** An earlier rule without a range that evidently takes other traffic: every flow seen fits a later rule's range. */
function laterRange(
  candidates: readonly TranslatingRule[],
  subject: { readonly protocol: number; readonly witness: RangeWitness },
): EffectiveRange | undefined {
  const { ports } = subject.witness;
  if (ports.length < WITNESS_FLOWS) return undefined;
  for (const candidate of candidates) {
    const { range } = candidate.action;
    if (range === undefined || shareOutside(range, ports) > 0) continue;
    const note = `an earlier rule sets no range, but all flows seen are inside ${formatRange(range)}`;
    return { ...rangeOf(candidate, subject.protocol), note };
  }
  return undefined;
}

/** New flows outside the range, and many old ones too: a single stray flow (a marked Service packet) proves nothing. */
function contradicted(range: PortRange, witness: RangeWitness): boolean {
  return (
    witness.newest !== undefined && !holds(range, witness.newest) && shareOutside(range, witness.ports) >= MANY_OUTSIDE
  );
}

/** No rule was read: what the ports seen suggest, snapped to the two usual lower ends when these are near. */
function inferredRange(witness: RangeWitness, protocol: number): EffectiveRange {
  const unset = { range: defaultRange(protocol), isDefault: true, owner: 'unknown' } as const;
  const count = witness.ports.length;
  if (count < WITNESS_FLOWS) return unset;
  const seen = extent(witness.ports);
  const slack = (10 * (seen.last - seen.first + 1)) / count;
  const first = [1024, 32_768].find((usual) => seen.first >= usual && seen.first - usual <= slack) ?? seen.first;
  const range = { first, last: 65_535 - seen.last <= slack ? 65_535 : seen.last };
  return {
    range,
    isDefault: rangesEqual(range, unset.range),
    owner: 'unknown',
    note: `no rule says so: ports ${formatRange(seen)} were seen`,
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
