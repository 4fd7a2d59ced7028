// How long `portolan plan` works on what it has read: diagnosis and plan of a node with 100,000 flows, beyond start-up.
import { performance } from 'node:perf_hooks';
import { makePlan } from '../src/core/advice/make-plan.ts';
import type { Plan } from '../src/core/advice/plan.ts';
import { situationOfDiagnosis } from '../src/core/advice/situation-of-diagnosis.ts';
import { diagnose } from '../src/core/analysis/diagnose.ts';
import type { NodeFacts } from '../src/core/model/node-facts.ts';
import { formatPlanExplained } from '../src/present/plan/plan-explain.ts';
import { DEFAULT_STYLE } from '../src/present/style.ts';
import { type Benchmark, median } from './benchmark.ts';
import { syntheticNode } from './synthetic-node.ts';

const FLOWS = 100_000;
const SPACES = 10_000;
const ROUNDS = 9;
const LIMIT_MILLISECONDS = 1000;

const WHAT_IFS = [
  { title: 'natPortRange=20000:65535', natPortRange: { first: 20_000, last: 65_535 } },
  { title: 'nodes=3', nodes: 3 },
];

/** What the command does between reading and printing. */
function planFor(facts: NodeFacts): { readonly plan: Plan; readonly text: string } {
  const diagnosis = diagnose(facts);
  const situation = situationOfDiagnosis(facts, diagnosis, { nodes: 6 });
  if (situation === undefined) throw new Error('the synthetic node has no port space to plan for');
  const goal = { targetDrop: 0.001, loadFactor: 2 };
  const plan = makePlan(situation, { goal, at: diagnosis.at, whatIfs: WHAT_IFS, gaps: diagnosis.gaps });
  return { plan, text: formatPlanExplained(plan, { style: DEFAULT_STYLE }) };
}

function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

export const planBenchmark: Benchmark = {
  name: 'plan',
  async *run({ quick }) {
    const facts = syntheticNode({ flows: FLOWS, spaces: SPACES, busy: 4, newPerSecond: 250 });
    const cold = milliseconds(() => planFor(facts));
    const warm = Array.from({ length: quick ? 3 : ROUNDS }, () => milliseconds(() => planFor(facts)));
    const { plan, text } = planFor(facts);
    const what = `diagnose, plan, print: ${FLOWS} flows, ${SPACES} port spaces`;
    yield {
      title: 'Planning',
      measures: [
        { what: `${what}, first call`, value: cold, unit: 'ms', goal: { atMost: LIMIT_MILLISECONDS } },
        { what: `${what}, warm`, value: median(warm), unit: 'ms' },
      ],
      notes: [`${plan.remedies.length} remedies, ${plan.whatIfs.length} what-ifs, ${text.split('\n').length} lines`],
    };
  },
};
