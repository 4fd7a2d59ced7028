// ONE suite for everything that chooses a SNAT port: each case is run by every search of Portolan and by the running kernel.
import { beforeAll, describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import { CASES } from './cases.ts';
import { isAsked } from './conformance-case.ts';
import { MODELS } from './implementations.ts';
import type { KernelRun } from './kernel-programs.ts';

const PROGRAMS = new URL('./kernel-programs.js', import.meta.url);

describe.each(MODELS)('$name', ({ behaviour, abilities, make }) => {
  const able = CASES.filter((one) => isAsked(one, { behaviour, abilities }));
  it.each(able)('$name', ({ run, expected }) => {
    expect(run(make)).toEqual(expected({ behaviour, counting: behaviour }));
  });
});

describe.each([
  { name: 'the running kernel', program: 'runCases', cases: CASES },
  {
    name: 'the running kernel when it may not evict',
    program: 'runCasesWithoutEviction',
    cases: CASES.filter(({ needs }) => needs !== 'rules'),
  },
])('$name', ({ program, cases }) => {
  let ran: KernelRun;
  beforeAll(() => {
    ran = runIsolated(PROGRAMS, program) as KernelRun;
  });

  it.each(cases)('$name', ({ name, expected }) => {
    expect(ran.seen[name]).toEqual(expected(ran.answering));
  });
});

describe('a lab node that forwards for a pod', () => {
  it('gives ports, gives up and counts as the node under test does, as `conntrack` shows', () => {
    const seen = runIsolated(new URL('./forwarding-programs.js', import.meta.url), 'forwardFromPod');
    expect(seen).toEqual({ ports: 100, inRange: 100, found: 20 * 248, insertFailed: 20, drop: 20 });
  });
});
