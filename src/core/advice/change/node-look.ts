// One look at a node after its range was written, and what it proves.
import type { Seen } from '../../model/calico/seen.ts';
import type { NodeFacts } from '../../model/node-facts.ts';
import { type PortRange, formatRange, rangeContains, rangesEqual } from '../../model/port-range.ts';
import type { VerifyLevel } from './change.ts';
import { type FamilyRules, type RuleLook, familiesIn } from './rule-look.ts';

export interface FelixLook {
  /** Condition Ready of the calico-node pod. */
  readonly isReady: boolean;
  /** `kube-system/calico-node-x7f2p`. */
  readonly pod: string;
  /** The natPortRange that Felix says it took when it started last, as written; undefined when it says none. */
  readonly said: Seen<string | undefined>;
}

export interface NodeLook {
  readonly rule: Seen<RuleLook>;
  readonly felix: Seen<FelixLook>;
  /** TCP and UDP flows of pods to outside the cluster: one key each, and the port it left with. Read after the rule. */
  readonly flows: Seen<ReadonlyMap<string, number>>;
  /** Through what rules and flows were read; absent where they were not. */
  readonly readBy?: NodeFacts['readBy'];
}

export interface LookQuestion {
  /** Undefined: whatever Felix has now is right, it only must be ready. */
  readonly range: PortRange | undefined;
  readonly level: VerifyLevel;
  /** The look before, in which the rule was already right; undefined without one. */
  readonly former: NodeLook | undefined;
}

export type Answer = 'yes' | 'no' | 'not-seen';

export interface LookJudgement {
  readonly rule: Answer;
  readonly felix: Answer;
  /** New flows since the former look, and those of them inside the range; undefined without two looks at flows. */
  readonly newFlows?: { readonly inside: number; readonly seen: number };
  /** Flows outside the range. */
  readonly oldFlows?: number;
  /** Undefined: enough is seen. Else what is waited for, in a person's words. */
  readonly missing?: string;
  /** What was seen, and what was not. */
  readonly evidence: string;
}

/** Pure: whether this look, beside the former one, shows the range at work. */
export function judgeLook(look: NodeLook, question: LookQuestion): LookJudgement {
  const { level, range } = question;
  const looksAtRules = level === 'rules' && range !== undefined;
  const rule = looksAtRules ? ruleAnswer(look, range) : { answer: 'not-seen' as const, text: '' };
  const felix = felixAnswer(look, range);
  const flows = looksAtRules ? flowsOf(look, { range, former: question.former }) : {};
  const missing = missingOf({ rule, felix, flows, look, question });
  return {
    rule: rule.answer,
    felix: felix.answer,
    ...flows,
    ...(missing === undefined ? {} : { missing }),
    evidence: [rule.text, felix.text].filter((text) => text !== '').join('; '),
  };
}

interface Told {
  readonly answer: Answer;
  readonly text: string;
}

function ruleAnswer({ rule }: NodeLook, range: PortRange): Told {
  if (!rule.seen) return { answer: 'not-seen', text: `rules not read: ${rule.why}` };
  for (const { rules, where } of familiesIn(rule.value)) {
    const wrong = ruleProblem(rules, range);
    if (wrong !== undefined) return { answer: 'no', text: `${wrong}${where}` };
  }
  return { answer: 'yes', text: `rule ${formatRange(range)} for TCP and UDP` };
}

function ruleProblem({ tcp, udp, takenBefore }: FamilyRules, range: PortRange): string | undefined {
  if (takenBefore !== undefined) return `${takenBefore} takes the egress of pods first`;
  if ([tcp, udp].every((each) => each !== undefined && rangesEqual(each, range))) return undefined;
  const texts = [tcp, udp].map((each) => (each === undefined ? 'no range' : formatRange(each)));
  return texts[0] === texts[1] ? `rule ${texts[0]}` : `rule ${texts[0]} for TCP, ${texts[1]} for UDP`;
}

function felixAnswer({ felix }: NodeLook, range: PortRange | undefined): Told {
  if (!felix.seen) return { answer: 'not-seen', text: `calico-node not read: ${felix.why}` };
  const { isReady, pod, said } = felix.value;
  if (!isReady) return { answer: 'no', text: `calico-node ${pod} is not ready` };
  if (range === undefined) return { answer: 'yes', text: 'Felix ready' };
  if (!said.seen) return { answer: 'yes', text: `Felix ready; its log was not read: ${said.why}` };
  const wanted = `${range.first}:${range.last}`;
  if (said.value === wanted) return { answer: 'yes', text: `Felix ready, took ${wanted}` };
  return { answer: 'no', text: `Felix ready, but it last took ${said.value ?? 'no range'}` };
}

interface FlowCount {
  readonly newFlows?: { readonly inside: number; readonly seen: number };
  readonly oldFlows?: number;
}

function flowsOf(
  { flows }: NodeLook,
  { range, former }: { readonly range: PortRange; readonly former: NodeLook | undefined },
): FlowCount {
  if (!flows.seen) return {};
  const outside = [...flows.value.values()].filter((port) => !rangeContains(range, port)).length;
  if (former === undefined || !former.flows.seen) return { oldFlows: outside };
  const before = former.flows.value;
  const fresh = [...flows.value].filter(([key]) => !before.has(key));
  const inside = fresh.filter(([, port]) => rangeContains(range, port)).length;
  return { newFlows: { inside, seen: fresh.length }, oldFlows: outside - (fresh.length - inside) };
}

interface Parts {
  readonly rule: Told;
  readonly felix: Told;
  readonly flows: FlowCount;
  readonly look: NodeLook;
  readonly question: LookQuestion;
}

/** Felix's log may lag behind the rule, which is the truth: where the rule is seen, being ready is enough. */
function missingOf({ rule, felix, flows, look, question }: Parts): string | undefined {
  if (rule.answer === 'no') return rule.text;
  const isReady = look.felix.seen && look.felix.value.isReady;
  if (rule.answer === 'not-seen') {
    if (felix.answer === 'yes') return undefined;
    return felix.answer === 'no' ? felix.text : [rule.text, felix.text].filter((text) => text !== '').join('; ');
  }
  if (look.felix.seen && !isReady) return felix.text;
  if (!look.flows.seen) return undefined;
  if (question.former === undefined || flows.newFlows === undefined) return 'a second look at the flows';
  const { inside, seen } = flows.newFlows;
  return inside === seen ? undefined : `${seen - inside} of ${seen} new flows left with a port outside the range`;
}

/** Whether nothing at all can be seen of the node: no later look will show more. */
export function isBlind({ rule, felix }: NodeLook, level: VerifyLevel): boolean {
  return !felix.seen && (level !== 'rules' || !rule.seen);
}
