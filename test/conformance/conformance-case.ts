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
  /** True when 4.x does otherwise (it counts ports up, or hashes the addresses) and the reference does not say what. */
  readonly since5?: boolean;
  readonly run: (make: NodeMaker) => Observation;
  readonly expected: (answering: Answering) => Observation;
}

/** Whether an implementation of this behaviour and these abilities can be asked. */
export function isAsked(
  { needs, since5 }: ConformanceCase,
  { behaviour, abilities }: { readonly behaviour: SearchBehaviour; readonly abilities: readonly Ability[] },
): boolean {
  return (needs === undefined || abilities.includes(needs)) && (since5 !== true || behaviour.search === 'windows');
}

/**
 * What a search adds to `found` when every port of a range is held by a live entry: 4.x tries all but does not look the last one up;
 * since 5.0 it is 128+64+32+16+8 candidates, or one scan of at most 128; where closing entries are taken over, the last 32
 * candidates of each window are not counted for TCP.
 */
export function candidatesOf(size: number, isTcp: boolean, { counting }: Answering): number {
  if (counting.search === 'full-scan') return size - 1;
  const evicts = isTcp && counting.evictsClosing === 'yes';
  if (size <= 128) return evicts ? Math.max(0, size - 32) : size;
  return evicts ? 128 : 248;
}

/** Uses a node and disposes of it. */
export function withNode<Value>(node: NatNode, use: (node: NatNode) => Value): Value {
  try {
    return use(node);
  } finally {
    node.dispose();
  }
}
