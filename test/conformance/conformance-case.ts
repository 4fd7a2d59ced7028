// One case of the suite: what is done to a node, and what any faithful node answers. Data; the same for every implementation.
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { NatNode, NodeMaker } from './nat-node.ts';

/** Plain data, so that it crosses process borders unchanged. */
export type Observation = Readonly<Record<string, number | string | boolean | readonly (number | string | boolean)[]>>;

export interface ConformanceCase {
  readonly name: string;
  /** What an implementation must be able to do: search a given range, or all that a rule can say. */
  readonly needs: 'search' | 'rules';
  readonly run: (make: NodeMaker) => Observation;
  readonly expected: (behaviour: SearchBehaviour) => Observation;
}

/** Uses a node and disposes of it. */
export function withNode<Value>(node: NatNode, use: (node: NatNode) => Value): Value {
  try {
    return use(node);
  } finally {
    node.dispose();
  }
}
