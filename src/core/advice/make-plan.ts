// A situation and a goal in, every remedy compared and ranked out. Pure: same situation, same plan.
import type { Gap } from '../model/gap.ts';
import { concludePlan } from './conclusion.ts';
import { doNothing } from './do-nothing.ts';
import { effectOf } from './effect.ts';
import { holdTime } from './hold-time.ts';
import { moreAddresses } from './more-addresses.ts';
import { type Goal, PLAN_SCHEMA, type Plan, type Remedy, type WhatIfRequest } from './plan.ts';
import { rankRemedies } from './rank.ts';
import type { Question, RemedyDraft } from './remedy-draft.ts';
import { reuseConnections } from './reuse-connections.ts';
import type { Situation } from './situation.ts';
import { splitRange } from './split-range.ts';
import { spreadPods } from './spread-pods.ts';
import { whatIf } from './what-if.ts';
import { widenRange } from './widen-range.ts';

/** What is asked of a plan besides the situation. */
export interface PlanRequest {
  readonly goal: Goal;
  /** ISO 8601: when the situation was read. */
  readonly at: string;
  readonly whatIfs: readonly WhatIfRequest[];
  /** What could not be seen, from the diagnosis. */
  readonly gaps: readonly Gap[];
}

/** @throws RangeError when the goal is no goal: 0 < targetDrop < 1 and loadFactor > 0. */
export function makePlan(situation: Situation, request: PlanRequest): Plan {
  const { goal, at, whatIfs, gaps } = request;
  if (!(goal.targetDrop > 0 && goal.targetDrop < 1 && goal.loadFactor > 0))
    throw new RangeError(`targetDrop ${goal.targetDrop} and loadFactor ${goal.loadFactor} make no goal`);
  const today = effectOf(situation, goal);
  const question: Question = { situation, goal, today };
  const drafts = draftsFor(question);
  const goalReached = drafts.some(({ standing }) => standing === 'reaches-goal');
  const remedies = rankRemedies(drafts, situation.placement.nodes);
  return {
    schema: PLAN_SCHEMA,
    at,
    goal,
    situation,
    today,
    remedies,
    whatIfs: whatIfs.map((asked) => whatIf(asked, question)),
    conclusion: concludePlan(remedies, { ...question, goalReached }),
    goalReached,
    gaps,
    next: nextCommand(remedies[0]),
  };
}

function draftsFor(question: Question): readonly RemedyDraft[] {
  return [
    doNothing(question),
    spreadPods(question),
    ...widenRange(question),
    splitRange(question),
    holdTime(question),
    moreAddresses(question),
    reuseConnections(question),
  ];
}

/** A look at what the best remedy would change, where there is a harmless one; else the plan kept for later. */
function nextCommand(best: Remedy | undefined): string {
  if (best?.kind === 'do-nothing') return 'portolan diagnose';
  if (best?.kind === 'widen') return 'calicoctl get felixconfiguration default -o yaml';
  if (best?.kind === 'spread' && best.command !== undefined && !best.command.includes('\n'))
    return `${best.command} --dry-run=server`;
  return 'portolan plan --out plan.json';
}
