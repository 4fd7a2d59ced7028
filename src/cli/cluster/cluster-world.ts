// What of the program's surroundings a cluster needs.
import type { Surroundings } from '../surroundings.ts';
import type { ClusterWorld } from './cluster-options.ts';

export function worldOf({ variables, random, sleep, now, wallClock }: Surroundings): ClusterWorld {
  return { variables, random, sleep, now, wallClock };
}
