// A probability as a person says it: `1 in 22`, `3 in 10`, `less than 1 in 10^9`, `0`.
import { formatInteger } from './number-text.ts';

const SMALLEST = 1e-9;

/** The probability 0..1 in words; 0 and 1 are said only when they are exact. */
export function oneInN(probability: number): string {
  if (Number.isNaN(probability)) return 'not known';
  if (probability <= 0) return '0';
  if (probability >= 1) return 'certain';
  if (probability < SMALLEST) return 'less than 1 in 10^9';
  if (probability > 0.95) return `${probability > 0.99 ? 'more than 99' : Math.round(probability * 100)} in 100`;
  if (probability > 0.3) return `${Math.round(probability * 10)} in 10`;
  return `1 in ${bigNumber(1 / probability)}`;
}

function bigNumber(value: number): string {
  const rounded = threeFigures(value);
  if (rounded >= 1e9) return '10^9';
  return rounded >= 1e6 ? `${threeFigures(rounded / 1e6)} million` : formatInteger(rounded);
}

/** Three figures are all the measurement carries. */
function threeFigures(value: number): number {
  return Number(value.toPrecision(3));
}
