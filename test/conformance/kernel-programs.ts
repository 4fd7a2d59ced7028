// What the suite runs inside namespaces of its own: the same cases, on the running kernel.
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { Answering, ConformanceCase, Observation } from './conformance-case.ts';
import { KernelNode } from './kernel/kernel-node.ts';
import { prepareNamespace } from './kernel/test-namespace.ts';
import { CASES } from './cases.ts';

export interface KernelRun {
  readonly answering: Answering;
  /** Observations by the case's name; the error's text when it threw. */
  readonly seen: Readonly<Record<string, Observation | string>>;
}

export function runCases(): Promise<KernelRun> {
  return runAll(CASES, false);
}

/** In old-kernel mode; what rules say does not depend on it. */
export function runCasesWithoutEviction(): Promise<KernelRun> {
  return runAll(
    CASES.filter(({ needs }) => needs !== 'rules'),
    true,
  );
}

async function runAll(cases: readonly ConformanceCase[], fixesClosing: boolean): Promise<KernelRun> {
  const { search, evictsClosing } = await probeKernel();
  prepareNamespace();
  const random = seededRandom(1);
  const behaviour: SearchBehaviour = { search, evictsClosing };
  const seen: Record<string, Observation | string> = {};
  for (const { name, run } of cases) {
    try {
      seen[name] = run((rule) => new KernelNode(rule, { behaviour, random, fixesClosing }));
    } catch (error) {
      seen[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return {
    answering: { behaviour: fixesClosing ? { search, evictsClosing: 'no' } : behaviour, counting: behaviour },
    seen,
  };
}
