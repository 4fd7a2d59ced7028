// The sum of independent small counts whose distributions are known: how unlikely is what was seen?
// Exact by convolution for yes-or-no outcomes, by a saddlepoint for wider ones.
import { normalTail } from './normal-tail.ts';

/** Repeated independent draws. */
export interface Draws {
  readonly times: number;
  /** Chance of each value 0, 1, 2, ...; adds up to 1. */
  readonly law: Float64Array;
}

/** Mass below this is left out of a convolution; it cannot lift a p-value by more than 10^-20. */
const NEGLIGIBLE = 1e-26;

/** Two-sided p-value of a number of failures: twice the smaller exact tail. */
export function failuresPValue(
  groups: readonly { readonly times: number; readonly chance: number }[],
  failures: number,
): number {
  const law = groups.reduce((sum: OffsetLaw, { times, chance }) => convolve(sum, binomialLaw(times, chance)), {
    from: 0,
    law: Float64Array.of(1),
  });
  const at = (value: number): number => law.law[value - law.from] ?? 0;
  let [below, above] = [0, 0];
  for (let value = law.from; value < law.from + law.law.length; value += 1) {
    if (value <= failures) below += at(value);
    if (value >= failures) above += at(value);
  }
  return Math.min(1, 2 * Math.min(below, above));
}

interface OffsetLaw {
  /** Value of the first element. */
  readonly from: number;
  readonly law: Float64Array;
}

function binomialLaw(times: number, chance: number): OffsetLaw {
  if (chance <= 0) return { from: 0, law: Float64Array.of(1) };
  if (chance >= 1) return { from: times, law: Float64Array.of(1) };
  const law = new Float64Array(times + 1);
  let logChoose = 0;
  for (let value = 0; value <= times; value += 1) {
    law[value] = Math.exp(logChoose + value * Math.log(chance) + (times - value) * Math.log1p(-chance));
    logChoose += Math.log((times - value) / (value + 1));
  }
  return trim({ from: 0, law });
}

function convolve(left: OffsetLaw, right: OffsetLaw): OffsetLaw {
  const law = new Float64Array(left.law.length + right.law.length - 1);
  left.law.forEach((mass, index) => {
    right.law.forEach((other, offset) => (law[index + offset] = (law[index + offset] ?? 0) + mass * other));
  });
  return trim({ from: left.from + right.from, law });
}

function trim({ from, law }: OffsetLaw): OffsetLaw {
  let [first, last] = [0, law.length - 1];
  while (first < last && (law[first] ?? 0) < NEGLIGIBLE) first += 1;
  while (last > first && (law[last] ?? 0) < NEGLIGIBLE) last -= 1;
  return { from: from + first, law: law.subarray(first, last + 1) };
}

/**
 * Two-sided p-value of a sum of wider counts, by the saddlepoint approximation of Lugannani and Rice (1980): right to a few
 * percent of itself far into the tails, where a normal approximation is off by factors.
 */
export function sumPValue(groups: readonly Draws[], sum: number): number {
  const [mean, variance] = [cumulants(groups, 0).first, cumulants(groups, 0).second];
  if (variance === 0) return Math.abs(sum - mean) < 0.5 ? 1 : 0;
  const [least, most] = [extreme(groups, 'least'), extreme(groups, 'most')];
  if (sum < least || sum > most) return 0;
  const inside = Math.min(Math.max(sum, least + 0.5), most - 0.5);
  const z = (inside - mean) / Math.sqrt(variance);
  if (Math.abs(z) < 0.05) return Math.min(1, 2 * normalTail(Math.abs(z)));
  const tilt = solveTilt(groups, inside, Math.sign(z));
  const { log, second } = cumulants(groups, tilt);
  const w = Math.sign(tilt) * Math.sqrt(2 * Math.max(0, tilt * inside - log));
  const v = tilt * Math.sqrt(second);
  const upper = normalTail(w) + (Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI)) * (1 / v - 1 / w);
  const tail = z > 0 ? upper : 1 - upper;
  return Math.min(1, Math.max(0, 2 * tail));
}

/** log of the moment generating function of the sum, and its first two derivatives. */
function cumulants(groups: readonly Draws[], tilt: number): { log: number; first: number; second: number } {
  let [log, first, second] = [0, 0, 0];
  for (const { times, law } of groups) {
    const top = law.length - 1;
    const shift = tilt > 0 ? tilt * top : 0;
    let [total, weighted, squared] = [0, 0, 0];
    for (let value = 0; value <= top; value += 1) {
      const mass = (law[value] ?? 0) * Math.exp(tilt * value - shift);
      total += mass;
      weighted += mass * value;
      squared += mass * value * value;
    }
    const mean = weighted / total;
    log += times * (Math.log(total) + shift);
    first += times * mean;
    second += times * (squared / total - mean * mean);
  }
  return { log, first, second };
}

/** The tilt under which the sum's mean is what was seen; the mean grows with the tilt. */
function solveTilt(groups: readonly Draws[], sum: number, sign: number): number {
  let [near, far] = [0, sign * 0.001];
  const reaches = (tilt: number): boolean => (cumulants(groups, tilt).first - sum) * sign >= 0;
  while (!reaches(far) && Math.abs(far) < 100) far *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (near + far) / 2;
    if (reaches(middle)) far = middle;
    else near = middle;
  }
  return (near + far) / 2;
}

function extreme(groups: readonly Draws[], which: 'least' | 'most'): number {
  return groups.reduce((total, { times, law }) => {
    const possible = (mass: number): boolean => mass > 0;
    return total + times * (which === 'least' ? law.findIndex(possible) : law.findLastIndex(possible));
  }, 0);
}
