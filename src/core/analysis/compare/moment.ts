// One look at a node: what was seen, and what it came to.
import type { NodeFacts } from '../../model/node-facts.ts';
import type { Diagnosis } from '../diagnosis.ts';

export interface Moment {
  /** Only how many flows each port space has is asked of them. */
  readonly facts: Pick<NodeFacts, 'flows'>;
  readonly diagnosis: Diagnosis;
}
