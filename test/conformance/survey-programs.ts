// What the statistical tests run inside namespaces of their own: the survey of the kernel and of every model, and its judgement.
import { availableParallelism } from 'node:os';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { compare, type Row, searchPValue, sharesRow } from './measures/comparison.ts';
import { evenShares } from './measures/port-shares.ts';
import {
  collect,
  jobsOf,
  restrictPlan,
  restrictSurvey,
  type Subject,
  type Survey,
  type SurveyedCurve,
  type SurveyJob,
  type SurveyPlan,
} from './measures/survey-job.ts';
import { surveyPlan, TEST_SIZE } from './measures/survey-plans.ts';
import { doJobs } from './survey-pool.ts';

/** What all others are compared with. */
export const YARDSTICK = "simulator's finder";

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

/** The comparison of a test run. Plain data. */
export interface Judged {
  readonly kernel: readonly Row[];
  readonly 'reference search': readonly Row[];
  readonly allocator: readonly Row[];
  /** p-values of wrong models against the same samples of the kernel. */
  readonly wrong: {
    /** u^248 at 98, 99 and 99.5 %, filling 1,000, 4,096 and 32,768 ports. */
    readonly unclustered: readonly number[];
    /** A start drawn evenly, in the ranges with the strongest bias. */
    readonly evenStart: readonly number[];
    /** The ports that random probes leave behind, at 80 to 99.5 % of 4,096. */
    readonly randomProbes: readonly number[];
  };
}

/** Surveys the kernel and the models, and compares. */
export async function judgeAll(): Promise<Judged> {
  const plan = surveyPlan(TEST_SIZE);
  const small = { ...plan, curves: plan.curves.filter(isSmall) };
  const surveys = await surveySubjects({
    threads: Math.min(4, availableParallelism()),
    plans: {
      kernel: plan,
      [YARDSTICK]: asYardstick(plan),
      'reference search': small,
      allocator: small,
      'control of random probes': asYardstick(restrictPlan(plan, isControlled)),
    },
  });
  const { kernel } = surveys;
  const model = restrictSurvey(surveys[YARDSTICK], plan, isSmall);
  return {
    kernel: compare({ plan, model: surveys[YARDSTICK], seen: kernel }, seededRandom(11)),
    'reference search': compare({ plan: small, model, seen: surveys['reference search'] }, seededRandom(12)),
    allocator: compare({ plan: small, model, seen: surveys.allocator }, seededRandom(13)),
    wrong: {
      unclustered: unclustered(plan, kernel),
      evenStart: evenStart(plan, kernel),
      randomProbes: randomProbes(plan, surveys),
    },
  };
}

/** What is worth asking each of the other models: sizes that do not take long. */
function isSmall({ range }: SurveyedCurve): boolean {
  return range.last - range.first < 4096;
}

/** What the control of random probes is asked. */
function isControlled({ mode, range }: SurveyedCurve): boolean {
  return mode === 'fill' && range.last - range.first === 4095;
}

function unclustered(plan: SurveyPlan, kernel: Survey): readonly number[] {
  return plan.curves.flatMap(({ mode, range }, index) => {
    if (mode !== 'fill' || range.last - range.first < 999) return [];
    const runs = kernel.curves[index] ?? [];
    return [4, 5, 6].map((at) =>
      searchPValue(runs.flatMap((points) => points[at] ?? []).map((point) => ({ ...point, drop: point.share ** 248 }))),
    );
  });
}

function evenStart(plan: SurveyPlan, kernel: Survey): readonly number[] {
  return plan.shares.flatMap(({ range }, index) =>
    [30_000, 16_384, 10_240].includes(range.first)
      ? [sharesRow('', kernel.shares[index] ?? [], evenShares(range)).p]
      : [],
  );
}

function randomProbes(plan: SurveyPlan, surveys: Surveys): readonly number[] {
  const rows = compare(
    {
      plan: restrictPlan(plan, isControlled),
      model: surveys['control of random probes'],
      seen: restrictSurvey(surveys.kernel, plan, isControlled),
    },
    seededRandom(14),
  );
  return rows.filter(({ section, share = 0 }) => section === 'dropped' && share >= 0.8 && share < 1).map(({ p }) => p);
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
