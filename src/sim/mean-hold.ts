// The mean of a hold: what a load comes to before it is played.
import type { Hold } from './sim-scenario.ts';

/** The standard normal's 99th percentile. */
const NORMAL_P99 = 2.326_347_874;

/** Mean seconds of a hold; `forever` lasts for as long as given. */
export function meanHoldSeconds(hold: Hold, forever: number): number {
  switch (hold.kind) {
    case 'fixed':
      return hold.seconds;
    case 'exponential':
      return hold.meanSeconds;
    case 'uniform':
      return (hold.fromSeconds + hold.toSeconds) / 2;
    case 'lognormal': {
      const spread = Math.log(hold.p99Seconds / hold.medianSeconds) / NORMAL_P99;
      return hold.medianSeconds * Math.exp(spread ** 2 / 2);
    }
    case 'forever':
      return forever;
  }
}
