// How sure a finding is: what it rests on, less what could not be seen.
import type { Gap, GapId } from '../model/gap.ts';
import type { Confidence } from './finding.ts';

/** The confidence that is left when a gap is present; a gap that is not named does not matter to the check. */
export type GapWeights = Readonly<Partial<Record<GapId, 'medium' | 'low'>>>;

/** What weakens every statement about how full a port space is. */
export const OCCUPANCY_GAPS: GapWeights = {
  flows: 'low',
  'flows-incomplete': 'medium',
  'flow-details': 'medium',
  'host-flows': 'medium',
  'nat-rules': 'low',
  'nat-rules-legacy': 'medium',
  'nat-rules-backend': 'medium',
  'ebpf-search': 'low',
  'nat-rule-unknown': 'medium',
  'kernel-behaviour': 'medium',
  decoder: 'medium',
};

const RANK: Readonly<Record<Confidence, number>> = { high: 2, medium: 1, low: 0 };

/** The lower of what the check itself is worth and what the gaps leave; with the gaps that matter, each once. */
export function weigh(
  gaps: readonly Gap[],
  options: { readonly base: Confidence; readonly weights: GapWeights },
): { readonly confidence: Confidence; readonly gaps: readonly GapId[] } {
  let confidence = options.base;
  const matter = new Set<GapId>();
  for (const { id } of gaps) {
    const left = options.weights[id];
    if (left === undefined) continue;
    matter.add(id);
    if (RANK[left] < RANK[confidence]) confidence = left;
  }
  return { confidence, gaps: [...matter].toSorted() };
}
