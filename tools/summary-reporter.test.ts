import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REPORTER = fileURLToPath(new URL('./summary-reporter.js', import.meta.url));
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

interface Run {
  readonly status: number | null;
  readonly lastLine: string | undefined;
}

/** Runs vitest on one test file, which stands below dist/ so that it finds vitest itself. */
function run(body: string, ci: boolean): Run {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist/planted-tests-'));
  try {
    // Its own configuration: vitest would otherwise find this checkout's, further up.
    writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');
    writeFileSync(join(folder, 'x.test.mjs'), `import { describe, expect, it } from 'vitest';\n${body}`);
    const options = ['run', '--root', folder, '--reporter', 'default', '--reporter', REPORTER];
    const { CI: _, ...env } = process.env;
    const child = spawnSync(process.execPath, [VITEST, ...options], {
      encoding: 'utf8',
      env: ci ? { ...env, CI: 'true' } : env,
    });
    return { status: child.status, lastLine: child.stdout.trimEnd().split('\n').at(-1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PASS = "it('a', () => {});\n";
const FAIL = "it('b', () => { expect(1).toBe(2); });\n";
const SKIP = "it.skip('c', () => {});\n";
const OPEN = "it.todo('d');\n";

describe('the summary reporter', () => {
  it.each([
    ['tests that pass', PASS, false, { status: 0, lastLine: '1 passed, 0 failed, 0 skipped' }],
    ['a test that fails', PASS + FAIL, false, { status: 1, lastLine: '1 passed, 1 failed, 0 skipped' }],
    ['skipped tests at home', PASS + SKIP + OPEN, false, { status: 0, lastLine: '1 passed, 0 failed, 2 skipped' }],
    ['skipped tests with CI=true', PASS + SKIP, true, { status: 1, lastLine: '1 passed, 0 failed, 1 skipped' }],
    ['open tests with CI=true', PASS + OPEN, true, { status: 1, lastLine: '1 passed, 0 failed, 1 skipped' }],
    [
      'a file that cannot be loaded',
      "throw new Error('no');\n",
      false,
      { status: 1, lastLine: '0 passed, 1 failed, 0 skipped' },
    ],
    [
      'a suite that cannot be collected',
      `describe('s', async () => { throw new Error('no'); });\n${PASS}`,
      false,
      { status: 1, lastLine: '0 passed, 1 failed, 0 skipped' },
    ],
  ])('ends with the counts after %s', (_, body, ci, wanted) => {
    expect(run(body, ci)).toEqual(wanted);
  });
});
