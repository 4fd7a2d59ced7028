// Whether the NAT rules were read: without them nobody can say who sets a range.
import type { NodeFacts } from '../model/node-facts.ts';

/** False when the rules as a whole were not visible. */
export function wereRulesRead({ gaps }: Pick<NodeFacts, 'gaps'>): boolean {
  return !gaps.some(({ id }) => id === 'nat-rules');
}
