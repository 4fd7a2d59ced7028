// Makes the plan: a situation of figures or of a diagnosis, then the remedies for it.
import { makePlan } from '../../core/advice/make-plan.ts';
import type { Plan } from '../../core/advice/plan.ts';
import type { PlainFigures, Situation } from '../../core/advice/situation.ts';
import { situationOfDiagnosis } from '../../core/advice/situation-of-diagnosis.ts';
import { situationOfFigures } from '../../core/advice/situation-of-figures.ts';
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { ClusterPlacement, FiguresPlanOptions, NodePlanOptions } from '../measures.ts';
import { chooseSpace } from './choose-space.ts';
import { clusterFigures } from './plain-figures.ts';
import type { PlanQuestion } from './plan-request.ts';

/** What is planned for where nothing at all may be lost: below it every chance is said as "less than". */
const AS_GOOD_AS_NEVER = 1e-9;

export function planForFigures(figures: PlainFigures, { at, ...question }: FiguresPlanOptions): Plan {
  return planFor(situationOfFigures(figures), { ...question, at, gaps: [] });
}

/** Errors: PTL_NO_LOAD, PTL_CANNOT_MEASURE. */
export function planForDiagnosis(
  diagnosis: Diagnosis,
  { facts, choice, cluster: placement, ...question }: NodePlanOptions,
): Plan {
  const { portSpace } = chooseSpace(diagnosis, choice);
  const { claims = [], remoteClosesFirst, vxlan, ...cluster } = clusterFigures(choice.cluster);
  const read = situationOfDiagnosis(facts, diagnosis, {
    ...(placement === undefined ? {} : readPlacement(placement)),
    ...cluster,
    portSpace: portSpace.index,
  });
  if (read === undefined) throw new TypeError(`Cannot plan for port space ${portSpace.index}: not in the diagnosis`);
  const situation: Situation = {
    ...read,
    load: { ...read.load, ...(remoteClosesFirst === undefined ? {} : { remoteClosesFirst }) },
    ports: { ...read.ports, claims: [...read.ports.claims, ...claims], ...(vxlan === undefined ? {} : { vxlan }) },
  };
  return planFor(situation, { ...question, at: diagnosis.at, gaps: diagnosis.gaps });
}

/** What the cluster itself says; what a person gives goes before it. */
function readPlacement({ carriers, nodesRead, nodesUnread, maxNodes, ...same }: ClusterPlacement) {
  return {
    ...same,
    nodes: carriers,
    ...(maxNodes === undefined ? {} : { maxNodes: Math.max(maxNodes, carriers) }),
    survey: { read: nodesRead, unread: nodesUnread },
  };
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
