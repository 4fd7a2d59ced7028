// The page of `npm run prove`: model, kernel and difference side by side, each with its p-value.
import type { Row } from './measures/comparison.ts';

export interface FactGroup {
  readonly title: string;
  readonly cases: number;
  /** Names of the cases in which the kernel did something else, with what it did. */
  readonly otherwise: readonly string[];
}

/** The failure curves: dropped and found in one line. */
export function formatCurves(rows: readonly Row[]): string {
  const lines = rows
    .filter(({ section }) => section === 'dropped')
    .map((dropped, index, all) => {
      const found = rows.find(
        (row) => row.section === 'found' && row.subject === dropped.subject && row.share === dropped.share,
      );
      const isFirst = all[index - 1]?.subject !== dropped.subject;
      const left = `${(isFirst ? dropped.subject : '').padEnd(24)}${percent(dropped.share).padStart(7)}`;
      return `${isFirst && index > 0 ? '\n' : ''}${left}  ${chances(dropped)}   ${found === undefined ? '' : counts(found)}`;
    });
  const over = `${''.padEnd(33)}${'new flows dropped'.padEnd(35)}held ports met per new flow`;
  const heads = `${'held share of a range'.padEnd(31)}  ${HEADS}   ${HEADS}`;
  return [over, heads, ...lines].join('\n');
}

/** Rows that have a chance alone. */
export function formatShares(title: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => `${row.subject.padEnd(24)}${percent(row.share).padStart(7)}  ${chances(row)}`);
  return [`${title.padEnd(31)}  ${HEADS}`, ...lines].join('\n');
}

/** What must be so every time, without chance. */
export function formatFacts(groups: readonly FactGroup[]): string {
  return groups
    .flatMap(({ title, cases, otherwise }) => [
      `${title.padEnd(56)}${`${cases - otherwise.length} of ${cases}`.padStart(10)}`,
      ...otherwise.map((name) => `  otherwise: ${name}`),
    ])
    .join('\n');
}

const HEADS = '   model  kernel    diff       p';

function chances({ model, seen, p }: Row): string {
  const difference = seen - model;
  const sign = difference < 0 ? '-' : '+';
  return `${model.toFixed(4).padStart(8)}${seen.toFixed(4).padStart(8)}${`${sign}${Math.abs(difference).toFixed(4)}`.padStart(8)}${chance(p)}`;
}

function counts({ model, seen, p }: Row): string {
  const difference = seen - model;
  const sign = difference < 0 ? '-' : '+';
  return `${model.toFixed(2).padStart(8)}${seen.toFixed(2).padStart(8)}${`${sign}${Math.abs(difference).toFixed(2)}`.padStart(8)}${chance(p)}`;
}

function chance(p: number): string {
  return (p >= 0.001 ? p.toFixed(3) : p.toExponential(1)).padStart(8);
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${Math.round(share * 1000) / 10} %`;
}
