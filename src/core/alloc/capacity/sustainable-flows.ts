// How many flows a range bears at once before a given share of new ones is lost, as a diagnosis asks it: it knows the range and
// the kernel, not how long flows will hold, so it takes the harder pattern (all equally long).
import { type PortRange, rangeSize } from '../../model/port-range.ts';
import { capacityCurve } from './capacity-curve.ts';
import type { SearchBehaviour } from '../port-search.ts';

/**
 * Flows to one remote that may be held at once while a new one is lost with `targetProbability`.
 *
 * With eviction the answer counts live flows only and assumes that closing entries hold every other port.
 *
 * @param range What the rule allows.
 * @param behaviour How this kernel searches; `unknown` counts as windows without eviction.
 * @param targetProbability Between 0 and 1; below 1e-6 the answer is on the safe side.
 */
export function sustainableFlows(range: PortRange, behaviour: SearchBehaviour, targetProbability: number): number {
  const size = rangeSize(range);
  if (behaviour.search === 'full-scan') return capacityCurve('fixed', size, 'full-scan').capacity(targetProbability);
  const kind = behaviour.evictsClosing === 'yes' ? 'flooded' : 'fixed';
  return capacityCurve(kind, size).capacity(targetProbability);
}
