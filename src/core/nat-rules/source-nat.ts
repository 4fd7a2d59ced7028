// The source-NAT rules reachable from postrouting, in the order the kernel asks them.
import type { NatAction, NatRule } from '../model/nat-rule.ts';
import type { Gap } from '../model/gap.ts';
import { ChainReach } from './chain-reach.ts';
import { walkChain } from './chain-walk.ts';
import type { VisitedRule } from './chain-walk.ts';
import type { BaseChain, RuleTable, RuleVerdict } from './kernel-rule.ts';
import { ownerOf } from './nat-owner.ts';
import { scopeOf } from './nat-scope.ts';
import { GapList } from './gap-list.ts';
import { boundedGap, orderGap } from './rule-gap.ts';
import { hasKind } from './rule-kind.ts';
import { toNatMatch } from './rule-match.ts';

const TRANSLATES: ReadonlySet<RuleVerdict['kind']> = new Set(['masquerade', 'snat']);
const MATTERS: ReadonlySet<RuleVerdict['kind']> = new Set(['masquerade', 'snat', 'accept']);

export interface SourceNat {
  readonly rules: readonly NatRule[];
  readonly gaps: readonly Gap[];
}

interface PlacedBase {
  readonly table: RuleTable;
  readonly base: BaseChain;
}

/** A rule before its place in the order is known. */
type Unplaced = Omit<NatRule, 'order'>;

/** Collects over all tables; `order` counts through all families at once. */
export function collectSourceNat(tables: readonly RuleTable[]): SourceNat {
  const gaps = new GapList();
  const perBase = basesInOrder(tables).map((placed) => ({ placed, found: rulesBehind(placed, gaps) }));
  addOrderGaps(
    perBase.filter(({ found }) => found.some(takesEgress)).map(({ placed }) => placed),
    gaps,
  );
  const rules = perBase.flatMap(({ found }) => found).map((rule, order) => ({ ...rule, order }));
  return { rules, gaps: gaps.list };
}

/** Lower priority first; at one priority the chain registered later first (nf_hook_entries_grow, net/netfilter/core.c). */
function basesInOrder(tables: readonly RuleTable[]): readonly PlacedBase[] {
  return tables
    .flatMap((table) => table.bases.map((base) => ({ table, base })))
    .filter(({ base }) => base.hook === 'postrouting' && base.type === 'nat')
    .toSorted((a, b) => a.base.priority - b.base.priority || b.base.registration - a.base.registration);
}

function rulesBehind({ table, base }: PlacedBase, gaps: GapList): readonly Unplaced[] {
  const reach = new ChainReach(table, (rule) => hasKind(rule.verdict, MATTERS) || rule.unclear.length > 0);
  const found: Unplaced[] = [];
  const visit = (visited: VisitedRule): boolean => {
    gaps.addUnknown(unknownsOf(visited), visited);
    const action = actionOf(visited.verdict);
    if (action !== undefined) found.push(...natRules(visited, { action, priority: base.priority }));
    return true;
  };
  const whole = walkChain(base.name, { table, leads: reach.leads, visit });
  if (!whole) gaps.add(boundedGap(`${table.family} ${table.name} ${base.name}`));
  return withEffect(found);
}

/** Only rules that translate, return or accept decide over ports; for the others an unknown test does not matter. */
function unknownsOf({ rule, match, verdict }: VisitedRule): readonly string[] {
  const decides = TRANSLATES.has(verdict.kind) || verdict.kind === 'accept' || verdict.kind === 'return';
  return decides ? [...rule.unclear, ...match.unknown] : rule.unclear;
}

function actionOf(verdict: RuleVerdict): NatAction | undefined {
  if (verdict.kind === 'accept' || verdict.kind === 'return') return { kind: verdict.kind };
  if (verdict.kind !== 'masquerade' && verdict.kind !== 'snat') return undefined;
  const range = verdict.range === undefined ? {} : { range: verdict.range };
  if (verdict.kind === 'masquerade') return { kind: 'masquerade', random: verdict.random, ...range };
  return { kind: 'snat', addresses: verdict.addresses, random: verdict.random, ...range };
}

/** One rule per protocol it names: `meta l4proto { tcp, udp }` becomes two with the same counters. */
function natRules(
  { table, path, rule, match }: VisitedRule,
  { action, priority }: { readonly action: NatAction; readonly priority: number },
): readonly Unplaced[] {
  const { comment } = rule;
  return (match.protocols ?? [undefined]).map((protocol) => {
    const natMatch = toNatMatch(match, protocol);
    const owner = ownerOf({ table: table.name, path, comment, ...interfacesOf(natMatch) });
    return {
      backend: table.backend,
      family: table.family,
      table: table.name,
      path,
      priority,
      match: natMatch,
      action,
      owner,
      scope: scopeOf({ owner, path, match: natMatch }),
      ...(rule.packets === undefined ? {} : { packets: rule.packets }),
      ...(rule.bytes === undefined ? {} : { bytes: rule.bytes }),
      ...(comment === undefined ? {} : { comment }),
    };
  });
}

function interfacesOf({ inInterface, outInterface }: NatRule['match']): {
  inInterface?: string;
  outInterface?: string;
} {
  return {
    ...(inInterface === undefined ? {} : { inInterface }),
    ...(outInterface === undefined ? {} : { outInterface }),
  };
}

/** Keeps an accept or a return only when a rule that translates comes after it, in its base chain or in its own chain. */
function withEffect(found: readonly Unplaced[]): readonly Unplaced[] {
  const kept: Unplaced[] = [];
  const chainsAhead = new Set<string>();
  for (const rule of found.toReversed()) {
    const isExemption = rule.action.kind === 'accept' || rule.action.kind === 'return';
    const isFelt = rule.action.kind === 'return' ? chainsAhead.has(rule.path.join('/')) : chainsAhead.size > 0;
    if (isExemption && !isFelt) continue;
    kept.push(rule);
    if (!isExemption) for (const prefix of prefixes(rule.path)) chainsAhead.add(prefix);
  }
  return kept.toReversed();
}

function prefixes(path: readonly string[]): readonly string[] {
  return path.map((_, index) => path.slice(0, index + 1).join('/'));
}

function takesEgress(rule: Unplaced): boolean {
  return rule.scope === 'egress' && TRANSLATES.has(rule.action.kind);
}

/**
 * Chains of one priority run in the reverse order of their registration. Table handles tell most of it, but a chain may
 * have been added to an old table, and iptables-legacy tables have no handle: said where both take egress.
 */
function addOrderGaps(bases: readonly PlacedBase[], gaps: GapList): void {
  for (const [index, left] of bases.entries()) {
    const rival = bases.slice(index + 1).find((right) => isRival(left, right));
    if (rival !== undefined) gaps.add(orderGap(`${nameOf(left.table)} and ${nameOf(rival.table)}`));
  }
}

function isRival(left: PlacedBase, right: PlacedBase): boolean {
  return (
    left.base.priority === right.base.priority && left.table !== right.table && sharesPackets(left.table, right.table)
  );
}

function sharesPackets(left: RuleTable, right: RuleTable): boolean {
  return left.family === right.family || left.family === 'inet' || right.family === 'inet';
}

function nameOf(table: RuleTable): string {
  return `${table.family} ${table.name} (${table.backend})`;
}
