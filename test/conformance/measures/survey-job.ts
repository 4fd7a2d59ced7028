// A survey cut into jobs: each measures one node once, so that they can be spread over threads and their order does not matter.
import type { SearchBehaviour } from '../../../src/core/alloc/port-search.ts';
import type { Random } from '../../../src/core/alloc/reference-search.ts';
import type { PortRange } from '../../../src/core/model/port-range.ts';
import type { NatNode, NodeMaker } from '../nat-node.ts';
import { type EvictionPlan, type EvictionPoint, measureEviction } from './eviction-curve.ts';
import { type CurvePlan, type CurvePoint, measureCurve } from './failure-curve.ts';
import { countPorts } from './port-shares.ts';

export interface SurveyedCurve extends CurvePlan {
  /** How often the whole curve is walked, each time from an empty port space. */
  readonly runs: number;
}

export interface SharesPlan {
  readonly range: PortRange;
  readonly flows: number;
}

export interface SurveyPlan {
  readonly curves: readonly SurveyedCurve[];
  readonly evictions: readonly EvictionPlan[];
  readonly shares: readonly SharesPlan[];
}

/** What is surveyed: the running kernel, or one of Portolan's searches. */
export type Subject = 'kernel' | 'reference search' | "simulator's finder" | 'allocator' | 'control of random probes';

/** One measurement. Plain data. */
export type SurveyJob = { readonly subject: Subject; readonly seed: number } & (
  | { readonly kind: 'curve'; readonly curve: CurvePlan }
  | { readonly kind: 'eviction'; readonly eviction: EvictionPlan }
  | { readonly kind: 'shares'; readonly shares: SharesPlan }
);

/** The answer to a job; only the list of its kind is filled. */
export interface JobAnswer {
  readonly points: readonly CurvePoint[];
  readonly eviction?: EvictionPoint;
  readonly counts: readonly number[];
}

/** Answers in the order of the plan. */
export interface Survey {
  /** For each curve one list of points a run. */
  readonly curves: readonly (readonly (readonly CurvePoint[])[])[];
  readonly evictions: readonly (EvictionPoint | undefined)[];
  readonly shares: readonly (readonly number[])[];
}

/** The jobs of a plan for one subject, in the order that `collect` expects. */
export function jobsOf(
  plan: SurveyPlan,
  { subject, seed }: { readonly subject: Subject; readonly seed: number },
): SurveyJob[] {
  const jobs: SurveyJob[] = [];
  const next = (): { subject: Subject; seed: number } => ({ subject, seed: seed + jobs.length });
  for (const curve of plan.curves)
    for (let run = 0; run < curve.runs; run += 1) jobs.push({ ...next(), kind: 'curve', curve });
  for (const eviction of plan.evictions) jobs.push({ ...next(), kind: 'eviction', eviction });
  for (const shares of plan.shares) jobs.push({ ...next(), kind: 'shares', shares });
  return jobs;
}

/** Puts the answers to `jobsOf` together again. */
export function collect(plan: SurveyPlan, answers: readonly JobAnswer[]): Survey {
  let at = 0;
  const take = (count: number): readonly JobAnswer[] => answers.slice(at, (at += count));
  return {
    curves: plan.curves.map(({ runs }) => take(runs).map(({ points }) => points)),
    evictions: take(plan.evictions.length).map(({ eviction }) => eviction),
    shares: take(plan.shares.length).map(({ counts }) => counts),
  };
}

/** Some curves of a plan, and nothing else. */
export function restrictPlan(plan: SurveyPlan, keeps: (curve: SurveyedCurve) => boolean): SurveyPlan {
  return { curves: plan.curves.filter(keeps), evictions: [], shares: [] };
}

/** The same of what was surveyed by that plan. */
export function restrictSurvey(survey: Survey, plan: SurveyPlan, keeps: (curve: SurveyedCurve) => boolean): Survey {
  return {
    curves: survey.curves.filter((_, index) => plan.curves.slice(index, index + 1).some(keeps)),
    evictions: [],
    shares: [],
  };
}

export interface JobNode {
  readonly make: NodeMaker;
  readonly random: Random;
  /** How the node counts `found`. */
  readonly counting: SearchBehaviour;
}

/** Does one job. */
export function doJob(job: SurveyJob, { make, random, counting }: JobNode): JobAnswer {
  switch (job.kind) {
    case 'curve':
      return on(make, job.curve.range, (node) => ({
        points: measureCurve(node, job.curve, { random, counting }),
        counts: [],
      }));
    case 'eviction':
      return on(make, job.eviction.range, (node) => ({
        points: [],
        eviction: measureEviction(node, job.eviction, random),
        counts: [],
      }));
    case 'shares':
      return on(make, job.shares.range, (node) => ({
        points: [],
        counts: countPorts(node, job.shares.range, job.shares.flows),
      }));
  }
}

function on(make: NodeMaker, range: PortRange, measure: (node: NatNode) => JobAnswer): JobAnswer {
  const node = make({ range, random: 'random-fully' });
  try {
    return measure(node);
  } finally {
    node.dispose();
  }
}
