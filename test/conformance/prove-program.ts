// npm run prove [-- --quick]: the model beside the running kernel. Exit 0: they agree; 1: they do not; 3: no namespace here.
import { availableParallelism, release } from 'node:os';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { isolateProcess } from '../../src/lab/isolate-process.ts';
import { CASE_GROUPS } from './cases.ts';
import { runCases } from './kernel-programs.ts';
import { compare, differing, FALSE_ALARM, type Row } from './measures/comparison.ts';
import { PROVE_SIZE, surveyPlan, TEST_SIZE } from './measures/survey-plans.ts';
import { type FactGroup, formatCurves, formatFacts, formatShares } from './prove-table.ts';
import { asYardstick, NO_SURVEY, surveySubjects, YARDSTICK } from './survey-programs.ts';

const UNABLE = 3;

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const startedAt = performance.now();

try {
  const { platform, execPath, execArgv, argv, env } = process;
  isolateProcess({ platform, execPath, execArgv, scriptAndArguments: argv.slice(1), env, uid: process.getuid?.() });
  process.exitCode = await prove();
} catch (error) {
  if (!(error instanceof PortolanError)) throw error;
  console.log(`not proved, because there is no kernel to ask: ${error.message}`);
  process.exitCode = UNABLE;
}

async function prove(): Promise<number> {
  console.log(`Portolan's model beside Linux ${release()}${values.quick ? ', quick' : ''}\n`);
  const facts = await observeFacts();
  console.log(`Facts, as core/alloc has them\n${formatFacts(facts)}\n`);
  const rows = await surveyRows();
  console.log(formatCurves(rows));
  console.log(
    `\n${formatShares(
      'live share, the rest TIME_WAIT',
      rows.filter(({ section }) => section === 'evicting'),
    )}`,
  );
  console.log(
    `\n${formatShares(
      'flows in the lower half',
      rows.filter(({ section }) => section === 'shares'),
    )}\n`,
  );
  return conclude(rows, facts);
}

async function observeFacts(): Promise<readonly FactGroup[]> {
  const { answering, seen } = await runCases();
  return CASE_GROUPS.map(({ title, cases }) => ({
    title,
    cases: cases.length,
    otherwise: cases
      .filter(({ name, expected }) => stable(seen[name]) !== stable(expected(answering)))
      .map(({ name }) => `${name}: ${stable(seen[name])}`),
  }));
}

/** As text, whatever the order of the fields. */
function stable(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? 'nothing';
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify(fields);
}

async function surveyRows(): Promise<readonly Row[]> {
  const plan = surveyPlan(values.quick ? TEST_SIZE : PROVE_SIZE);
  const surveys = await surveySubjects({
    threads: Math.min(4, availableParallelism()),
    onStep: showProgress,
    plans: {
      kernel: plan,
      [YARDSTICK]: asYardstick(plan),
      'reference search': NO_SURVEY,
      allocator: NO_SURVEY,
      'control of random probes': NO_SURVEY,
    },
  });
  return compare({ plan, model: surveys[YARDSTICK], seen: surveys.kernel }, seededRandom(1));
}

function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const text = `measuring ${done} of ${all}, ${seconds()} s`;
  process.stderr.write(done === all ? '\r\u001b[K' : `\r\u001b[K${text}`);
}

function conclude(rows: readonly Row[], facts: readonly FactGroup[]): number {
  const strange = differing(rows);
  const otherwise = facts.reduce((sum, group) => sum + group.otherwise.length, 0);
  const cases = facts.reduce((sum, group) => sum + group.cases, 0);
  const least = rows.reduce((smallest, { p }) => Math.min(smallest, p), 1);
  const limit = (FALSE_ALARM / rows.length).toExponential(1);
  for (const { subject, share, p } of strange)
    console.log(`differs: ${subject}${share === undefined ? '' : ` at ${share}`}, p ${p.toExponential(1)}`);
  console.log(
    `${rows.length - strange.length} of ${rows.length} figures and ${cases - otherwise} of ${cases} facts agree (smallest p ` +
      `${least.toExponential(1)}; below ${limit} counts as a difference, which chance brings about in 1 of ` +
      `${Math.round(1 / FALSE_ALARM)} runs), ${seconds()} s`,
  );
  return strange.length + otherwise === 0 ? 0 : 1;
}

function seconds(): number {
  return Math.round((performance.now() - startedAt) / 1000);
}
