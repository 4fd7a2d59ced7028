// One case of the suite: what is done to a node, and what any faithful node answers. Data; the same for every implementation.
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { NatNode, NodeMaker } from './nat-node.ts';

/** Plain data, so that it crosses process borders unchanged. */
export type Observation = Readonly<Record<string, number | string | boolean | readonly (number | string | boolean)[]>>;

/** Whose answer is expected. */
export interface Answering {
  readonly behaviour: SearchBehaviour;
  /** Whose way of counting `found` it has: its own, except for a kernel in old-kernel mode. */
  readonly counting: SearchBehaviour;
}

/** What an implementation must know besides searching a given range. */
export type Ability =
  /** Sequence numbers of SYNs; without it a closing entry is taken over by chance. */
  | 'sequences'
  /** Every flag of a rule, source ports, and what other traffic holds. */
  | 'rules';

export interface ConformanceCase {
  readonly name: string;
  readonly needs?: Ability;
  readonly run: (make: NodeMaker) => Observation;
  readonly expected: (answering: Answering) => Observation;
}

/** Uses a node and disposes of it. */
export function withNode<Value>(node: NatNode, use: (node: NatNode) => Value): Value {
  try {
    return use(node);
  } finally {
    node.dispose();
  }
}
