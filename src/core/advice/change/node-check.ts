// Whether one node uses the range that it is configured to: what is stored beside what is seen.
import type { EffectiveNatPortRange } from '../../analysis/range-chain.ts';
import { type PortRange, formatRange, rangeContains, rangesEqual } from '../../model/port-range.ts';
import type { VerifyLevel } from './change.ts';
import type { NodeLook } from './node-look.ts';
import { type FamilyRules, type RuleLook, familiesIn } from './rule-look.ts';

export type CheckOutcome = 'as-configured' | 'differs' | 'not-seen';

export interface NodeCheck {
  readonly node: string;
  readonly outcome: CheckOutcome;
  /** What its configuration says: `4790-65535`, `no range`. */
  readonly configured: string;
  /** What the kernel's rules say; undefined where they were not seen. */
  readonly installed?: string;
  /** Why, in a sentence: the first thing that is wrong or not seen. */
  readonly why: string;
  /** Flows of pods that hold a port outside the range; undefined where they were not seen. */
  readonly outsideFlows?: number;
  readonly readBy?: NodeLook['readBy'];
}

export interface CheckQuestion {
  /** What every node must have; its own configuration when undefined. */
  readonly wanted: PortRange | undefined;
  readonly level: VerifyLevel;
}

export function checkNode(chain: EffectiveNatPortRange, look: NodeLook, question: CheckQuestion): NodeCheck {
  const configured = configuredText(chain);
  const { readBy } = look;
  const way = readBy === undefined ? {} : { readBy };
  const common = { node: chain.node, configured, ...seenOf(chain, look, question), ...way };
  const wrong = storedProblem(chain, question) ?? seenProblem(chain, look, question);
  if (wrong !== undefined) return { ...common, outcome: 'differs', why: wrong };
  const unseen = unseenPart(chain, look, question);
  if (unseen !== undefined) return { ...common, outcome: 'not-seen', why: unseen };
  return { ...common, outcome: 'as-configured', why: 'rules and Felix as configured' };
}

function configuredText({ range }: EffectiveNatPortRange): string {
  if (range.kind === 'range') return formatRange(range.range);
  return range.kind === 'none' ? 'no range' : range.kind;
}

function storedProblem({ range }: EffectiveNatPortRange, { wanted }: CheckQuestion): string | undefined {
  if (range.kind === 'frozen') return 'an object is stored that no Felix can read: one that restarts does not come up';
  if (wanted === undefined || range.kind === 'unknown') return undefined;
  const isWanted = range.kind === 'range' && rangesEqual(range.range, wanted);
  return isWanted ? undefined : `it is configured to ${range.kind === 'range' ? formatRange(range.range) : 'no range'}`;
}

function seenProblem(
  chain: EffectiveNatPortRange,
  { rule, felix }: NodeLook,
  { level }: CheckQuestion,
): string | undefined {
  if (felix.seen && !felix.value.isReady) return `calico-node ${felix.value.pod} is not ready`;
  if (level === 'rules' && rule.seen) return ruleProblem(chain, rule.value);
  if (!felix.seen || !felix.value.said.seen || chain.range.kind !== 'range') return undefined;
  const { value } = felix.value.said;
  const { first, last } = chain.range.range;
  // A log that says nothing of it was begun long ago.
  return value === undefined || value === `${first}:${last}` ? undefined : `Felix last took ${value}`;
}

function ruleProblem(chain: EffectiveNatPortRange, look: RuleLook): string | undefined {
  for (const { rules, where } of familiesIn(look)) {
    const problem = familyProblem(chain, rules);
    if (problem !== undefined) return `${problem}${where}`;
  }
  return undefined;
}

function familyProblem({ range }: EffectiveNatPortRange, { tcp, udp, takenBefore }: FamilyRules): string | undefined {
  if (takenBefore !== undefined) return `${takenBefore} takes the egress of pods first`;
  if (range.kind !== 'range' && range.kind !== 'none') return undefined;
  const wanted = range.kind === 'range' ? range.range : undefined;
  const isRight = [tcp, udp].every((each) => sameOrNone(each, wanted));
  return isRight ? undefined : `the rules give TCP ${rangeText(tcp)} and UDP ${rangeText(udp)}`;
}

function sameOrNone(left: PortRange | undefined, right: PortRange | undefined): boolean {
  return left === undefined || right === undefined ? left === right : rangesEqual(left, right);
}

function rangeText(range: PortRange | undefined): string {
  return range === undefined ? 'no range' : formatRange(range);
}

function unseenPart(
  { range, gaps }: EffectiveNatPortRange,
  look: NodeLook,
  { level }: CheckQuestion,
): string | undefined {
  if (range.kind === 'unknown') return `its configuration is not known: ${gaps[0]?.why ?? 'not read'}`;
  if (level === 'rules' && !look.rule.seen) return `rules not read: ${look.rule.why}`;
  return look.felix.seen ? undefined : `calico-node not read: ${look.felix.why}`;
}

function seenOf({ range }: EffectiveNatPortRange, { rule, flows }: NodeLook, { level }: CheckQuestion) {
  if (level !== 'rules' || !rule.seen) return {};
  const [first = '', second] = familiesIn(rule.value).map(({ rules }) => installedText(rules));
  const installed = second === undefined || second === first ? first : `${first}; IPv6 ${second}`;
  if (!flows.seen || range.kind !== 'range') return { installed };
  const { range: ports } = range;
  return { installed, outsideFlows: [...flows.value.values()].filter((port) => !rangeContains(ports, port)).length };
}

function installedText({ tcp, udp }: FamilyRules): string {
  return sameOrNone(tcp, udp) ? rangeText(tcp) : `TCP ${rangeText(tcp)}, UDP ${rangeText(udp)}`;
}
