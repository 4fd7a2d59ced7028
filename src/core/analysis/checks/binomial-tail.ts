// The upper tail of a binomial distribution, summed in logarithms so that small chances survive.

export interface BinomialTest {
  readonly tries: number;
  readonly hits: number;
  /** Chance of a hit in one try, strictly between 0 and 1. */
  readonly chance: number;
}

/** Chance of at least `hits` hits in `tries` tries of probability `chance` each, 0..1. */
export function binomialTail({ tries, hits, chance }: BinomialTest): number {
  if (hits <= 0) return 1;
  let logTerm = logChoose(tries, hits) + hits * Math.log(chance) + (tries - hits) * Math.log1p(-chance);
  let total = 0;
  for (let count = hits; count <= tries; count += 1) {
    total += Math.exp(logTerm);
    logTerm += Math.log((tries - count) / (count + 1)) + Math.log(chance) - Math.log1p(-chance);
  }
  return Math.min(1, total);
}

function logChoose(tries: number, hits: number): number {
  let log = 0;
  for (let step = 1; step <= hits; step += 1) log += Math.log((tries - hits + step) / step);
  return log;
}
