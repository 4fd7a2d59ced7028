// Two surveys side by side, row by row, each row with the chance of a difference as large if both followed the same rules.
import type { Random } from '../../../src/core/alloc/reference-search.ts';
import { formatRange } from '../../../src/core/model/port-range.ts';
import { TCP } from '../../../src/core/model/protocol.ts';
import { sharesPValue } from '../statistics/chi-square-test.ts';
import { failuresPValue, sumPValue } from '../statistics/discrete-sum.ts';
import { samplesPValue } from '../statistics/two-samples.ts';
import type { CurvePoint } from './failure-curve.ts';
import { biasedShares, BINS } from './port-shares.ts';
import type { Survey, SurveyPlan, SurveyedCurve } from './survey-job.ts';

/** The sections of the table. */
export type Section = 'dropped' | 'found' | 'evicting' | 'shares';

export interface Row {
  readonly section: Section;
  /** What the line is about; lines of one section and subject stand together. */
  readonly subject: string;
  /** Held share of the range, live share of the entries, or undefined. */
  readonly share?: number;
  readonly model: number;
  readonly seen: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * The chance that a run of a comparison finds a difference where there is none, over all its rows together. Each row is judged at
 * this divided by the number of rows (Bonferroni), so it holds however the rows depend on each other.
 */
export const FALSE_ALARM = 1e-4;

/** Rows that differ by more than chance allows. */
export function differing(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ p }) => p < FALSE_ALARM / rows.length);
}

export interface ComparedSurveys {
  readonly plan: SurveyPlan;
  /** May have more runs of each curve than the plan says. */
  readonly model: Survey;
  readonly seen: Survey;
}

/** Enough that a p-value can fall below FALSE_ALARM / 200. */
const REARRANGEMENTS = 4_000_000;

/** Compares row by row; `random` rearranges samples. */
export function compare({ plan, model, seen }: ComparedSurveys, random: Random): readonly Row[] {
  return [
    ...plan.curves.flatMap((curve, index) =>
      compareCurve(curve, { model: model.curves[index] ?? [], seen: seen.curves[index] ?? [], random }),
    ),
    ...seen.evictions.flatMap((point) => (point === undefined ? [] : [evictionRow(point)])),
    ...plan.shares.map(({ range }, index) =>
      sharesRow(formatRange(range), seen.shares[index] ?? [], biasedShares(range)),
    ),
  ];
}

type Runs = readonly (readonly CurvePoint[])[];

interface ComparedRuns {
  readonly model: Runs;
  readonly seen: Runs;
  readonly random: Random;
}

function compareCurve(curve: SurveyedCurve, { model, seen, random }: ComparedRuns): readonly Row[] {
  const size = curve.range.last - curve.range.first + 1;
  const ports = size > 32_768 ? formatRange(curve.range) : `${size} ports`;
  const subject = `${ports}, ${curve.mode}${curve.protocol === TCP ? ', TCP' : ''}`;
  return curve.shares.flatMap((share, index) => {
    const at = (runs: Runs): readonly CurvePoint[] => runs.flatMap((points) => points[index] ?? []);
    const points = at(seen);
    const layout = {
      left: points.map(({ foundMean }) => foundMean),
      right: at(model).map(({ foundMean }) => foundMean),
    };
    const dropped: Row = {
      section: 'dropped',
      subject,
      share,
      model: mean(at(model).map(({ drop }) => drop)),
      seen: total(points, 'failures') / total(points, 'attempts'),
      p: both(searchPValue(points), samplesPValue(layout, { random, rearrangements: REARRANGEMENTS })),
    };
    const found: Row = {
      section: 'found',
      subject,
      share,
      model: mean(points.map(({ foundMean }) => foundMean)),
      seen: total(points, 'found') / total(points, 'attempts'),
      p: foundPValue(points),
    };
    return [dropped, found];
  });
}

/** Failures, given the very ports that were held. */
export function searchPValue(points: readonly CurvePoint[]): number {
  return failuresPValue(
    points.map(({ attempts, drop }) => ({ times: attempts, chance: drop })),
    total(points, 'failures'),
  );
}

/** `found`, given the very ports that were held. */
function foundPValue(points: readonly CurvePoint[]): number {
  return sumPValue(
    points.map(({ attempts, foundLaw }) => ({ times: attempts, law: Float64Array.from(foundLaw) })),
    total(points, 'found'),
  );
}

function evictionRow({ live, attempts, failures, drop }: NonNullable<Survey['evictions'][number]>): Row {
  return {
    section: 'evicting',
    subject: '4096 ports, all held',
    share: live,
    model: drop,
    seen: failures / attempts,
    p: failuresPValue([{ times: attempts, chance: drop }], failures),
  };
}

/** Shown: the share in the lower half of the range. Judged: all sixteenths. */
export function sharesRow(subject: string, counts: readonly number[], shares: readonly number[]): Row {
  const sum = counts.reduce((all, count) => all + count, 0);
  const lower = (values: readonly number[]): number => values.slice(0, BINS / 2).reduce((all, value) => all + value, 0);
  return {
    section: 'shares',
    subject,
    model: lower(shares),
    seen: lower(counts) / sum,
    p: sharesPValue(counts, shares),
  };
}

/** Either of two tests may object: the smaller p-value, doubled. */
function both(left: number, right: number): number {
  return Math.min(1, 2 * Math.min(left, right));
}

function total(points: readonly CurvePoint[], field: 'attempts' | 'failures' | 'found'): number {
  return points.reduce((sum, point) => sum + point[field], 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
