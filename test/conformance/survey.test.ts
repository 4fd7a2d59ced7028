// How often searches fail, what they count and where they land: the kernel and every search of Portolan against one yardstick, the
// simulator's finder, and against the closed forms. Wrong models stand beside them and must be told apart by the same samples.
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { runIsolated } from '../lab/run-isolated.ts';
import { compare, differing, FALSE_ALARM, type Row, searchPValue, sharesRow } from './measures/comparison.ts';
import { evenShares } from './measures/port-shares.ts';
import { restrictPlan, restrictSurvey } from './measures/survey-job.ts';
import { surveyPlan, TEST_SIZE } from './measures/survey-plans.ts';
import { isControlled, isSmall, type Surveys } from './survey-programs.ts';

const PROGRAMS = new URL('./survey-programs.js', import.meta.url);
const PLAN = surveyPlan(TEST_SIZE);

let surveys: Surveys;
beforeAll(() => {
  surveys = runIsolated(PROGRAMS, 'surveyAll', { timeoutMs: 280_000 }) as Surveys;
}, 300_000);

const YARDSTICK = "simulator's finder";

function kernelRows(): readonly Row[] {
  return compare({ plan: PLAN, model: surveys[YARDSTICK], seen: surveys.kernel }, seededRandom(11));
}

describe('the running kernel', () => {
  it('does not differ from the model in any row', () => {
    const rows = kernelRows();
    expect(rows.length).toBe(9 * 8 * 2 + 5 + 6);
    expect(differing(rows)).toEqual([]);
  });
});

describe.each(['reference search', 'allocator'] as const)('%s', (subject) => {
  it('does not differ from the model in any row', () => {
    const plan = { ...PLAN, curves: PLAN.curves.filter(isSmall) };
    const model = restrictSurvey(surveys[YARDSTICK], PLAN, isSmall);
    expect(differing(compare({ plan, model, seen: surveys[subject] }, seededRandom(11)))).toEqual([]);
  });
});

describe('a wrong model is told from the kernel by the same samples', () => {
  /** As strict as a row of the comparison above. */
  const strict = (): number => FALSE_ALARM / kernelRows().length;

  it('u^248, which knows no clusters, from 98 % on', () => {
    for (const [index, { range, mode }] of PLAN.curves.entries()) {
      if (mode !== 'fill' || range.last - range.first < 999) continue;
      for (const point of [4, 5, 6]) {
        const naive = (surveys.kernel.curves[index] ?? []).flatMap((points) => points[point] ?? []);
        const p = searchPValue(naive.map((seen) => ({ ...seen, drop: seen.share ** 248 })));
        expect(p).toBeLessThan(strict());
      }
    }
  });

  it('a start drawn evenly from a range that does not divide 65,536', () => {
    const biased = PLAN.shares.filter(({ range }) => [30_000, 16_384, 10_240].includes(range.first));
    expect(biased.length).toBe(3);
    for (const { range } of biased) {
      const counts = surveys.kernel.shares[PLAN.shares.findIndex((asked) => asked.range === range)] ?? [];
      expect(sharesRow('', counts, evenShares(range)).p).toBeLessThan(strict());
    }
  });

  it('random probes instead of runs: the ports they leave lie otherwise', () => {
    const rows = compare(
      {
        plan: restrictPlan(PLAN, isControlled),
        model: surveys['control of random probes'],
        seen: restrictSurvey(surveys.kernel, PLAN, isControlled),
      },
      seededRandom(12),
    );
    const dropped = rows.filter(({ section, share = 0 }) => section === 'dropped' && share >= 0.8 && share < 1);
    expect(dropped.length).toBe(6);
    for (const { p } of dropped) expect(p).toBeLessThan(strict());
  });
});
