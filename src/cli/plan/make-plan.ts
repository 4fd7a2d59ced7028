// Makes the plan: a situation of figures or of a diagnosis, then the remedies for it.
import { makePlan } from '../../core/advice/make-plan.ts';
import type { Plan } from '../../core/advice/plan.ts';
import type { PlainFigures, Situation } from '../../core/advice/situation.ts';
import { situationOfFigures } from '../../core/advice/situation-of-figures.ts';
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { FiguresPlanOptions, NodePlanOptions } from '../measures.ts';
import type { PlanQuestion } from './plan-request.ts';

/** What is planned for where nothing at all may be lost: below it every chance is said as "less than". */
const AS_GOOD_AS_NEVER = 1e-9;

export function planForFigures(figures: PlainFigures, { at, ...question }: FiguresPlanOptions): Plan {
  return planFor(situationOfFigures(figures), { ...question, at, gaps: [] });
}

export function planForDiagnosis(diagnosis: Diagnosis, options: NodePlanOptions): Plan {
  throw new TypeError(`Cannot plan: ${diagnosis.node} ${options.goal.targetDrop}`);
}

function planFor(situation: Situation, { goal, whatIfs, at, gaps }: PlanQuestion & Pick<Plan, 'at' | 'gaps'>): Plan {
  if (goal.targetDrop > 0) return makePlan(situation, { goal, whatIfs, at, gaps });
  const assumptions = [
    'a chance of 0 is not to be had: the search for a port is drawn at random; planned for 1 in 10^9 instead',
    ...situation.assumptions,
  ];
  return makePlan(
    { ...situation, assumptions },
    { goal: { ...goal, targetDrop: AS_GOOD_AS_NEVER }, whatIfs, at, gaps },
  );
}
