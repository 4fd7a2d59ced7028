// A vitest reporter for the last line of a test run: `N passed, N failed, N skipped`, alone on its line, whatever else
// was printed. With CI=true a skipped test fails the run: there every test must be able to run.
import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export default class SummaryReporter implements Reporter {
  /** Counts when vitest is done, prints when the process ends: other reporters may still have something to say. */
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = countTests(modules, unhandledErrors.length);
    const forbiddenSkips = process.env['CI'] === 'true' && counts.skipped > 0;
    process.once('exit', () => {
      if (forbiddenSkips) writeSync(1, 'CI=true: a test that does not run is a failure\n');
      writeSync(1, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
      if (forbiddenSkips && (process.exitCode ?? 0) === 0) process.exitCode = 1;
    });
  }
}

/** A module that failed outside its tests (import, hook) and an unhandled error count as one failure each. */
function countTests(modules: readonly TestModule[], unhandledErrors: number): Counts {
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const count = (state: string): number => states.filter((found) => found === state).length;
  const broken = modules.filter((module) => module.errors().length > 0 || suiteErrors(module) > 0).length;
  const passed = count('passed');
  const failed = count('failed');
  return { passed, failed: failed + broken + unhandledErrors, skipped: states.length - passed - failed };
}

function suiteErrors(module: TestModule): number {
  return [...module.children.allSuites()].reduce((total, suite) => total + suite.errors().length, 0);
}
