// ONE suite for everything that chooses a SNAT port: each case is run by every search of Portolan and by the running kernel.
import { describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import { CASES } from './cases.ts';
import { MODELS } from './implementations.ts';
import type { KernelRun } from './kernel-programs.ts';

const PROGRAMS = new URL('./kernel-programs.js', import.meta.url);

describe.each(MODELS)('$name', ({ behaviour, can, make }) => {
  const able = CASES.filter(({ needs }) => needs === 'search' || can === 'rules');
  it.each(able)('$name', ({ run, expected }) => {
    expect(run(make)).toEqual(expected(behaviour));
  });
});

describe.each([
  { name: 'the running kernel', program: 'runCases' },
  { name: 'the running kernel when it may not evict', program: 'runCasesWithoutEviction' },
])('$name', ({ program }) => {
  const { behaviour, seen } = runIsolated(PROGRAMS, program) as KernelRun;

  it.each(CASES)('$name', ({ name, expected }) => {
    expect(seen[name]).toEqual(expected(behaviour));
  });
});
