// The planner against the simulator: a node is simulated, diagnosed and planned for; then each remedy is simulated in its turn.
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/core/advice/make-plan.ts';
import type { Plan, Remedy } from '../../src/core/advice/plan.ts';
import { situationOfDiagnosis } from '../../src/core/advice/situation-of-diagnosis.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { SimScenario } from '../../src/sim/sim-scenario.ts';
import { AT, type ScenarioChanges, scenarioFixture, simulate } from '../sim/scenario-fixture.ts';

const RANGE = { first: 32_768, last: 65_535 };

/** 280 connections a second, each open for half a second and closing for two minutes, on a kernel that keeps TIME_WAIT. */
const CHURN: ScenarioChanges = {
  durationSeconds: 900,
  nodes: { kernel: '5.0', ranges: [RANGE] },
  workload: { perSecond: 280, pods: 12, hold: { kind: 'fixed', seconds: 0.5 } },
};

/** Lost of all SYNs in the last five minutes, on the node that loses most. */
function lossIn(scenario: SimScenario): number {
  const { series } = simulate(scenario).report();
  const share = (drops: readonly number[], opened: readonly number[]): number => {
    const lost = sum(drops.slice(-5));
    return lost / Math.max(1, lost + sum(opened.slice(-5)));
  };
  return Math.max(0, ...series.map(({ drops, opened }) => share(drops, opened)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function planForSimulated(): Plan {
  const facts = simulate(scenarioFixture(CHURN)).factsOf(0, { at: AT });
  const situation = situationOfDiagnosis(facts, diagnose(facts), { podCidrs: ['10.0.0.0/8'], maxNodes: 9 });
  if (situation === undefined) throw new Error('nothing was charted');
  return makePlan(situation, { goal: { targetDrop: 1e-3, loadFactor: 1 }, at: AT, whatIfs: [], gaps: [] });
}

/** The same cluster with the remedy's change. */
function changedBy({ change }: Remedy): SimScenario {
  const { nodes, workload } = CHURN;
  switch (change.kind) {
    case 'nat-port-range':
      return scenarioFixture({ ...CHURN, nodes: { ...nodes, ranges: [change.to] } });
    case 'split-range':
      return scenarioFixture({ ...CHURN, nodes: { ...nodes, ranges: change.parts } });
    case 'spread':
      return scenarioFixture({ ...CHURN, nodes: { ...nodes, count: change.nodes } });
    case 'hold-time':
      return scenarioFixture({ ...CHURN, nodes: { ...nodes, timeWaitSeconds: change.timeWaitSeconds } });
    case 'reuse-connections':
      return scenarioFixture({ ...CHURN, workload: { ...workload, perSecond: 280 / change.requestsPerConnection } });
    case 'more-addresses':
      return scenarioFixture({ ...CHURN, nodes: { ...nodes, snatAddresses: change.addresses } });
    case 'none':
      return scenarioFixture(CHURN);
  }
}

describe('a plan for a simulated node', () => {
  const plan = planForSimulated();
  const outcomes = plan.remedies.map((remedy) => ({
    id: remedy.id,
    foreseen: remedy.effect.dropToday,
    came: lossIn(changedBy(remedy)),
  }));

  it('is for the load that was simulated', () => {
    expect(plan.situation.load.perSecond ?? 0).toBeGreaterThan(280 * 0.95);
    expect(plan.situation.load.perSecond ?? 0).toBeLessThan(280 * 1.1);
    expect(plan.goalReached).toBe(true);
  });

  // Some 84,000 SYNs in five minutes: at a chance of 1 in 100 the count has an error of 3.4 %, at 1 in 1,000 of 11 %. The
  // factor leaves room for what the model says of itself: loads that are measured, retransmissions, a table's interpolation.
  it.each(outcomes)('$id loses what was foreseen', ({ foreseen, came }) => {
    if (foreseen < 3e-4) expect(came).toBeLessThan(1e-3);
    else expect(Math.abs(Math.log(came / foreseen))).toBeLessThan(Math.log(2));
  });
});
