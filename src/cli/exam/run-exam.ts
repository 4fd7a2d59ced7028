// Runs every scenario with several seeds and diagnoses it blind.
import { diagnose } from '../../core/analysis/diagnose.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import { probeKernel } from '../../kernel/probe/probe-kernel.ts';
import { openScenario } from '../../lab/open-scenario.ts';
import type { Scenario } from '../../lab/scenario.ts';
import { SCENARIOS } from '../../lab/scenarios/registry.ts';
import type { ExamAnswer } from '../../present/exam-table.ts';
import { expectationsOn, judgeDiagnosis } from '../lab/judge-diagnosis.ts';
import { observeScenario } from '../lab/observe-scenario.ts';
import type { ExamOptions } from '../measures.ts';

/** @returns one answer per scenario and seed. Errors: PTL_LAB when a scenario cannot be staged. */
export async function runExam(options: ExamOptions): Promise<readonly ExamAnswer[]> {
  const behaviour = await probeKernel();
  const sittings = Array.from({ length: options.seeds }, (_, index) => index + 1).flatMap((seed) =>
    SCENARIOS.map((scenario) => ({ scenario, seed })),
  );
  const answers: ExamAnswer[] = [];
  for (const sitting of sittings) {
    options.signal.throwIfAborted();
    options.progress(`${sitting.scenario.name} (seed ${sitting.seed})`, answers.length / sittings.length);
    answers.push(skipFor(sitting, options) ?? (await sit(sitting, { ...options, behaviour, progress: () => {} })));
  }
  return answers;
}

interface Sitting {
  readonly scenario: Scenario;
  readonly seed: number;
}

/** A story that cannot happen here: said and counted, never silently left out. */
function skipFor({ scenario, seed }: Sitting, { cpus }: ExamOptions): ExamAnswer | undefined {
  const wanted = scenario.cpus ?? 1;
  if (cpus >= wanted) return undefined;
  const why = `needs ${wanted} CPUs, this process may use ${cpus}`;
  return { scenario: scenario.name, seed, expected: [], answered: 'cannot-tell', skipped: why };
}

async function sit(
  { scenario, seed }: Sitting,
  options: ExamOptions & { readonly behaviour: KernelBehaviour },
): Promise<ExamAnswer> {
  const running = await openScenario(scenario.name, { seed, flavour: options.flavour });
  try {
    const diagnosis = diagnose(await observeScenario(running, options));
    const expected = expectationsOn(scenario, options.behaviour);
    const checks = [...new Set(expected.map((expectation) => expectation.check))];
    return { scenario: scenario.name, seed, expected: checks, ...judgeDiagnosis(diagnosis, expected) };
  } finally {
    await running.close();
  }
}
