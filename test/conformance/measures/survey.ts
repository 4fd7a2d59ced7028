// A survey: every measurement of one run, as data, carried out on any node. The kernel and the models get the same one.
import type { SearchBehaviour } from '../../../src/core/alloc/port-search.ts';
import type { Random } from '../../../src/core/alloc/reference-search.ts';
import type { PortRange } from '../../../src/core/model/port-range.ts';
import type { NatNode, Rule } from '../nat-node.ts';
import { type EvictionPlan, type EvictionPoint, measureEviction } from './eviction-curve.ts';
import { type CurvePlan, type CurvePoint, measureCurve } from './failure-curve.ts';
import { countPorts } from './port-shares.ts';

export interface SurveyedCurve extends CurvePlan {
  /** How often the whole curve is walked, each time from an empty port space. */
  readonly runs: number;
}

export interface SurveyedShares {
  readonly range: PortRange;
  readonly flows: number;
}

export interface SurveyPlan {
  readonly curves: readonly SurveyedCurve[];
  readonly evictions: readonly EvictionPlan[];
  readonly shares: readonly SurveyedShares[];
}

/** Answers in the order of the plan. */
export interface Survey {
  /** One list of points a run. */
  readonly curves: readonly (readonly (readonly CurvePoint[])[])[];
  readonly evictions: readonly EvictionPoint[];
  readonly shares: readonly (readonly number[])[];
}

export interface Surveyor {
  readonly make: (rule: Rule) => NatNode;
  readonly random: Random;
  /** How the node counts `found`. */
  readonly counting: SearchBehaviour;
  /** Called before each run of a curve and each other measurement. */
  readonly onStep?: () => void;
}

/** Carries the plan out. */
export function survey(plan: SurveyPlan, surveyor: Surveyor): Survey {
  const { random, counting } = surveyor;
  return {
    curves: plan.curves.map((curve) =>
      Array.from({ length: curve.runs }, () =>
        onNode(surveyor, curve.range, (node) => measureCurve(node, curve, { random, counting })),
      ),
    ),
    evictions: plan.evictions.map((eviction) =>
      onNode(surveyor, eviction.range, (node) => measureEviction(node, eviction, random)),
    ),
    shares: plan.shares.map(({ range, flows }) => onNode(surveyor, range, (node) => countPorts(node, range, flows))),
  };
}

/** How many times `onStep` is called. */
export function countSteps(plan: SurveyPlan): number {
  return plan.curves.reduce((sum, { runs }) => sum + runs, 0) + plan.evictions.length + plan.shares.length;
}

function onNode<Value>({ make, onStep }: Surveyor, range: PortRange, measure: (node: NatNode) => Value): Value {
  onStep?.();
  const node = make({ range, random: 'random-fully' });
  try {
    return measure(node);
  } finally {
    node.dispose();
  }
}
