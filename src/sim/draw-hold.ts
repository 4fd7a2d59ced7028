// Draws how long a connection lasts.
import type { Random } from '../core/alloc/reference-search.ts';
import type { Hold } from './sim-scenario.ts';

/** The standard normal's 99th percentile. */
const NORMAL_P99 = 2.326_347_874;

/** A source of durations in seconds; infinite for connections that stay to the end. */
export function holdSource(hold: Hold, random: Random): () => number {
  switch (hold.kind) {
    case 'fixed':
      return () => hold.seconds;
    case 'exponential':
      return () => -hold.meanSeconds * Math.log(1 - random());
    case 'uniform':
      return () => hold.fromSeconds + (hold.toSeconds - hold.fromSeconds) * random();
    case 'lognormal':
      return lognormalSource(hold, random);
    case 'forever':
      return () => Number.POSITIVE_INFINITY;
  }
}

function lognormalSource(hold: Extract<Hold, { kind: 'lognormal' }>, random: Random): () => number {
  const spread = Math.log(hold.p99Seconds / hold.medianSeconds) / NORMAL_P99;
  return () => hold.medianSeconds * Math.exp(spread * normal(random));
}

/** Box and Muller's transform; the second value is thrown away to keep no state. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
