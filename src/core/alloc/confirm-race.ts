// Two flows to one remote that are searched for on two CPUs at once and end at one port: the second is dropped at confirm.
// Source: nothing is reserved between nf_nat_setup_info (POSTROUTING) and __nf_conntrack_confirm.
import type { PortSearch } from './port-search.ts';
import { portChances } from './port-chances.ts';

/**
 * Chance that two searches that see the same table end at the same port, 0..1.
 *
 * Where starts are even and no occupied run is longer than 127 this is the sum of ((1 + L) / R)^2 over all free ports, with L ports
 * occupied just before each and R ports in the range; biased ranges and long runs make it larger.
 */
export function confirmRaceProbability(search: Omit<PortSearch, 'evictable' | 'protocol'>): number {
  return portChances(search).reduce((sum, chance) => sum + chance * chance, 0);
}

/** What races depend on besides the table. */
export interface RaceExposure {
  /** New flows to the one remote. */
  readonly flowsPerSecond: number;
  /** From the search to the confirmed entry: about 2e-6 s when nothing stands between them. */
  readonly windowSeconds: number;
  /** Of confirmRaceProbability. */
  readonly probability: number;
}

/** Flows lost per second because another one confirmed their port first. */
export function confirmRacesPerSecond({ flowsPerSecond, windowSeconds, probability }: RaceExposure): number {
  return flowsPerSecond ** 2 * windowSeconds * probability;
}
