// Whether counts follow given shares (Pearson 1900); good to a factor of 1.5 in the tail when 100 or more are expected in each.
import { chiSquareTail } from './normal-tail.ts';

/** p-value of the counts; `shares` add up to 1. A count where the share is 0 gives 0. */
export function sharesPValue(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const used = shares.filter((share) => share > 0).length;
  let statistic = 0;
  for (const [index, count] of counts.entries()) {
    const expected = total * (shares[index] ?? 0);
    if (expected > 0) statistic += (count - expected) ** 2 / expected;
    else if (count > 0) return 0;
  }
  return used < 2 ? 1 : chiSquareTail(statistic, used - 1);
}
