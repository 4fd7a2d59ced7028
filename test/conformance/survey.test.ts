// How often searches fail, what they count and where they land: the kernel and every search of Portolan against one yardstick, the
// simulator's finder, and against the closed forms. Wrong models are held against the same samples and must be found out.
//
// Error rates: a row is a difference below FALSE_ALARM / rows (comparison.ts), so that all rows of the kernel together give a false
// alarm in at most 1 of 10,000 runs, whatever their dependence (Bonferroni). The models' own chance is seeded.
import { beforeAll, describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import { differing, FALSE_ALARM } from './measures/comparison.ts';
import type { Judged } from './survey-programs.ts';

const PROGRAMS = new URL('./survey-programs.js', import.meta.url);

let judged: Judged;
beforeAll(() => {
  judged = runIsolated(PROGRAMS, 'judgeAll', { timeoutMs: 580_000 }) as Judged;
}, 600_000);

describe.each([
  { name: 'kernel', rows: 9 * 8 * 2 + 5 + 6 },
  { name: 'reference search', rows: 7 * 8 * 2 + 5 + 6 },
  { name: 'allocator', rows: 7 * 8 * 2 + 5 + 6 },
] as const)('$name', ({ name, rows }) => {
  it('does not differ from the model in any row', () => {
    expect(judged[name].length).toBe(rows);
    expect(differing(judged[name])).toEqual([]);
  });
});

describe('a wrong model is told from the kernel by the same samples, as strictly', () => {
  it.each([
    { what: 'u^248, which knows no clusters', name: 'unclustered', count: 9 },
    { what: 'a start drawn evenly from the range', name: 'evenStart', count: 3 },
    { what: 'random probes instead of runs', name: 'randomProbes', count: 6 },
  ] as const)('$what', ({ name, count }) => {
    const found = judged.wrong[name];
    expect(found.length).toBe(count);
    for (const p of found) expect(p).toBeLessThan(FALSE_ALARM / judged.kernel.length);
  });
});
