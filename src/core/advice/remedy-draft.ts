// A remedy before it is compared with the others: everything but its place among them.
import { reachesGoal } from './effect.ts';
import type { Effect, Goal, Remedy, Standing } from './plan.ts';
import type { Situation } from './situation.ts';

export type RemedyDraft = Omit<Remedy, 'rank'>;

/** What every remedy is drafted from. */
export interface Question {
  readonly situation: Situation;
  readonly goal: Goal;
  /** effectOf(situation, goal). */
  readonly today: Effect;
}

/** A remedy must bear a tenth more than today to be worth a change. */
const WORTH = 1.1;

/** Where a possible remedy stands by its figures alone. */
export function standingOf(effect: Effect, { goal, today }: Question): Standing {
  if (effect.bearsFactor < today.bearsFactor * WORTH) return 'not-worth-it';
  return reachesGoal(effect, goal) ? 'reaches-goal' : 'helps';
}
