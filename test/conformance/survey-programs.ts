// What the statistical tests run inside namespaces of their own: the survey of a test run, of the kernel and of every model.
import { availableParallelism } from 'node:os';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { doJobs } from './survey-pool.ts';
import {
  collect,
  jobsOf,
  restrictPlan,
  type Subject,
  type Survey,
  type SurveyJob,
  type SurveyedCurve,
  type SurveyPlan,
} from './measures/survey-job.ts';
import { surveyPlan, TEST_SIZE } from './measures/survey-plans.ts';

/** Surveys by subject. */
export type Surveys = Readonly<Record<Subject, Survey>>;

export interface SurveyedPlans {
  /** What each subject is asked. */
  readonly plans: Readonly<Record<Subject, SurveyPlan>>;
  readonly threads: number;
  readonly onStep?: (done: number, all: number) => void;
}

/** The model that all others are compared with gets this many runs of each curve at least. */
const MODEL_RUNS = 40;

export const NO_SURVEY: SurveyPlan = { curves: [], evictions: [], shares: [] };

/** The plan with more runs of each curve: what the yardstick is asked. */
export function asYardstick(plan: SurveyPlan): SurveyPlan {
  const curves = plan.curves.map((curve) => ({ ...curve, attempts: 0, runs: Math.max(MODEL_RUNS, curve.runs) }));
  return { curves, evictions: [], shares: [] };
}

/** What is worth asking each of the other models: sizes that do not take long. */
export function isSmall({ range }: SurveyedCurve): boolean {
  return range.last - range.first < 4096;
}

/** What the control of random probes is asked. */
export function isControlled({ mode, range }: SurveyedCurve): boolean {
  return mode === 'fill' && range.last - range.first === 4095;
}

/** Everything that the tests look at. */
export async function surveyAll(): Promise<Surveys> {
  const plan = surveyPlan(TEST_SIZE);
  const small = { ...plan, curves: plan.curves.filter(isSmall) };
  return surveySubjects({
    threads: Math.min(4, availableParallelism()),
    plans: {
      kernel: plan,
      "simulator's finder": asYardstick(plan),
      'reference search': small,
      allocator: small,
      'control of random probes': asYardstick(restrictPlan(plan, isControlled)),
    },
  });
}

/** Surveys every subject as its plan says, as kernels that do what this one does. */
export async function surveySubjects({ plans, threads, onStep }: SurveyedPlans): Promise<Surveys> {
  const { search, evictsClosing } = await probeKernel();
  const asked = SUBJECTS.map((subject, index) => ({
    subject,
    jobs: jobsOf(plans[subject], { subject, seed: 1 + index * 10_000 }),
  }));
  const jobs: readonly SurveyJob[] = asked.flatMap((each) => each.jobs);
  const answers = await doJobs(jobs, {
    behaviour: { search, evictsClosing },
    threads,
    onDone: (done) => onStep?.(done, jobs.length),
  });
  let from = 0;
  const surveyed = asked.map(({ subject, jobs: own }) => {
    const answered = answers.slice(from, (from += own.length));
    return [subject, collect(plans[subject], answered)] as const;
  });
  return Object.fromEntries(surveyed) as Surveys;
}

const SUBJECTS: readonly Subject[] = [
  'kernel',
  "simulator's finder",
  'reference search',
  'allocator',
  'control of random probes',
];
