// A probability as a cell of a table: `1/22`, `<1/10^9`, `0`.
import { oneInN } from '../one-in-n.ts';

/** Shorter than in a sentence, the same figures. */
function shortChance(probability: number): string {
  return oneInN(probability)
    .replace(/^less than 1 in /, '<1/')
    .replace(/^more than 99 in 100$/, '>99 %')
    .replace(/^(\d+) in 100$/, '$1 %')
    .replace(/^(\d+) in 10$/, (_, tenths: string) => `${Number(tenths) * 10} %`)
    .replace(/^1 in (\S+) million$/, '1/$1M')
    .replace(/^1 in /, '1/');
}

/** Both ends where they differ: what the kernel does with closing entries was not seen. */
export function shortChances(best: number, worst: number): string {
  const [low, high] = [shortChance(best), shortChance(worst)];
  return low === high ? low : `${low} to ${high}`;
}
