// What the suite runs inside namespaces of its own: the same cases, on the running kernel.
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { Observation } from './conformance-case.ts';
import { KernelNode } from './kernel/kernel-node.ts';
import { prepareNamespace } from './kernel/test-namespace.ts';
import { CASES } from './cases.ts';

export interface KernelRun {
  readonly behaviour: SearchBehaviour;
  /** Observations by the case's name; the error's text when it threw. */
  readonly seen: Readonly<Record<string, Observation | string>>;
}

export function runCases(): Promise<KernelRun> {
  return runAll(false);
}

/** The same in old-kernel mode. */
export function runCasesWithoutEviction(): Promise<KernelRun> {
  return runAll(true);
}

async function runAll(fixesClosing: boolean): Promise<KernelRun> {
  const { search, evictsClosing } = await probeKernel();
  prepareNamespace();
  const random = seededRandom(1);
  const behaviour: SearchBehaviour = { search, evictsClosing };
  const seen: Record<string, Observation | string> = {};
  for (const { name, run } of CASES) {
    try {
      seen[name] = run((rule) => new KernelNode(rule, { behaviour, random, fixesClosing }));
    } catch (error) {
      seen[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { behaviour: fixesClosing ? { search, evictsClosing: 'no' } : behaviour, seen };
}
