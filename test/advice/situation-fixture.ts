// Situations for the tests of the remedies: the two causes of IBM's page, and plans for them.
import { makePlan } from '../../src/core/advice/make-plan.ts';
import type { Goal, Plan, Remedy, RemedyKind } from '../../src/core/advice/plan.ts';
import { situationOfFigures } from '../../src/core/advice/situation-of-figures.ts';
import type { PlainFigures, Situation } from '../../src/core/advice/situation.ts';
import { TCP } from '../../src/core/model/protocol.ts';

export const GOAL: Goal = { targetDrop: 1e-3, loadFactor: 1 };

export const CHECKOUT = { namespace: 'payments', name: 'checkout', kind: 'deployment' } as const;

const DESTINATION = { protocol: TCP, remoteAddress: '203.0.113.9', remotePort: 443 } as const;

/** More than 30,000 connections open at once, all from one of six nodes. */
export function manyOpen(figures: Partial<PlainFigures> = {}): Situation {
  return situationOfFigures({
    ...DESTINATION,
    flows: 40_000,
    nodes: 6,
    pods: 12,
    hottestShare: 1,
    workload: CHECKOUT,
    podCidrs: ['10.244.0.0/16'],
    ...figures,
  });
}

/** 300 short connections a second from one node; each holds its port through TIME_WAIT, so 36,000 are taken at once. */
export function manyOpened(figures: Partial<PlainFigures> = {}): Situation {
  return situationOfFigures({
    ...DESTINATION,
    perSecond: 300,
    holdSeconds: 120,
    nodes: 6,
    pods: 12,
    hottestShare: 1,
    workload: CHECKOUT,
    podCidrs: ['10.244.0.0/16'],
    ...figures,
  });
}

export function planFor(situation: Situation, goal: Partial<Goal> = {}): Plan {
  return makePlan(situation, { goal: { ...GOAL, ...goal }, at: '2026-11-22T03:12:00Z', whatIfs: [], gaps: [] });
}

/** The first remedy of a kind, as the plan orders them. */
export function remedyIn(plan: Plan, kind: RemedyKind): Remedy {
  const remedy = plan.remedies.find((each) => each.kind === kind);
  if (remedy === undefined) throw new Error(`the plan has no ${kind}`);
  return remedy;
}
