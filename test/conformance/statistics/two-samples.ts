// Whether two samples come from one distribution, whatever it is: a permutation test of the difference of their means.
import type { Random } from '../../../src/core/alloc/reference-search.ts';

/** Stops when so many rearrangements were as extreme: the p-value is then known well enough (Besag and Clifford 1991). */
const ENOUGH = 30;

/**
 * Two-sided p-value; exact under exchangeability, never below 1 / (rearrangements + 1). Works on ranks with ties shared, so that
 * one far value cannot hide a shift.
 *
 * @param rearrangements How many are tried at most; sets the smallest p-value that can be reached.
 */
export function samplesPValue(
  { left, right }: { readonly left: readonly number[]; readonly right: readonly number[] },
  { random, rearrangements }: { readonly random: Random; readonly rearrangements: number },
): number {
  const ranks = sharedRanks([...left, ...right]);
  const expected = (left.length * (ranks.length + 1)) / 2;
  const distance = (): number => {
    let sum = 0;
    for (let index = 0; index < left.length; index += 1) sum += ranks[index] ?? 0;
    return Math.abs(sum - expected);
  };
  const seen = distance() - 1e-9;
  let extreme = 0;
  for (let tried = 1; tried <= rearrangements; tried += 1) {
    shuffleFirst(ranks, left.length, random);
    if (distance() >= seen) extreme += 1;
    if (extreme === ENOUGH) return extreme / tried;
  }
  return (extreme + 1) / (rearrangements + 1);
}

function sharedRanks(values: readonly number[]): Float64Array {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let at = start; at <= end; at += 1) ranks[order[at] ?? 0] = (start + end) / 2 + 1;
    start = end + 1;
  }
  return ranks;
}

/** Draws the first `count` elements at random from all of them. */
function shuffleFirst(values: Float64Array, count: number, random: Random): void {
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(random() * (values.length - index));
    const kept = values[index] ?? 0;
    values[index] = values[other] ?? 0;
    values[other] = kept;
  }
}
