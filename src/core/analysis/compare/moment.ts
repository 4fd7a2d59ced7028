// One look at a node: what was seen, and what it came to.
import type { NodeFacts } from '../../model/node-facts.ts';
import type { Diagnosis } from '../diagnosis.ts';

export interface Moment {
  readonly facts: NodeFacts;
  readonly diagnosis: Diagnosis;
}
