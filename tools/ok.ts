// Program: everything CI asks of a change, in one run. One line a step with its time; what fails is shown in full.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

interface Step {
  readonly name: string;
  /** Arguments of `npm run`. */
  readonly script: string;
}

const STEPS: readonly Step[] = [
  { name: 'build', script: 'build' },
  { name: 'types', script: 'types' },
  { name: 'lint', script: 'lint' },
  { name: 'format', script: 'format:check' },
  { name: 'layers', script: 'layers' },
  { name: 'docs', script: 'docs' },
  { name: 'words', script: 'words' },
  { name: 'dead code', script: 'knip' },
  { name: 'package', script: 'publint' },
  { name: 'tests', script: 'test:built' },
  { name: 'exam', script: 'exam' },
];

const { values } = parseArgs({
  options: {
    /** The checkout; this one without it. */
    root: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    /** A step to leave out, for one that just ran. */
    without: { type: 'string', multiple: true, default: [] },
  },
});

/** Steps whose script package.json does not have are left out. */
function wantedSteps(): Step[] {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(join(values.root, 'package.json'), 'utf8'),
  );
  return STEPS.filter(({ name, script }) => script in scripts && !values.without.includes(name));
}

function runStep(step: Step): boolean {
  const startedAt = performance.now();
  // Through a shell, so that both streams arrive in the order they were written.
  const command = `npm run --silent ${step.script} 2>&1`;
  const child = spawnSync('sh', ['-c', command], { cwd: values.root, encoding: 'utf8', maxBuffer: 1 << 28 });
  const passed = child.status === 0;
  process.stdout.write(
    `${passed ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(10)} ${secondsSince(startedAt).padStart(6)} s\n`,
  );
  if (!passed) process.stdout.write(`${child.stdout}${child.error?.message ?? ''}\n`);
  return passed;
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

const startedAt = performance.now();
const steps = wantedSteps();
const failed = steps.filter((step) => !runStep(step)).map(({ name }) => name);
const passed = `${steps.length - failed.length} of ${steps.length} steps passed in ${secondsSince(startedAt)} s`;
process.stdout.write(failed.length === 0 ? `ok: ${passed}\n` : `not ok: ${failed.join(', ')} failed, ${passed}\n`);
if (failed.length > 0) process.exitCode = 1;
