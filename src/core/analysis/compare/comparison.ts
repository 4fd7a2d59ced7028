// Two looks at a node, one after the other: what became of each port space and of the node.
import type { PortSpaceVerdict } from '../diagnosis.ts';
import type { PortSpace } from '../../model/port-space.ts';

/** How something stands against before. `unclear`: one of the looks could not tell. */
export const TRENDS = ['worse', 'unclear', 'better', 'changed', 'same'] as const;
export type Trend = (typeof TRENDS)[number];

export interface SpaceComparison {
  readonly portSpace: Pick<PortSpace, 'zone' | 'protocol' | 'snatAddress' | 'remoteAddress' | 'remotePort'>;
  /** Undefined: not charted then; `flowsBefore` says how many flows it had. */
  readonly before: PortSpaceVerdict | undefined;
  readonly after: PortSpaceVerdict | undefined;
  readonly flowsBefore: number;
  readonly flowsAfter: number;
  readonly trend: Trend;
}

/** What a comparison says of the node as a whole. */
export interface NodeChange {
  /** `range of tcp`, `lost for want of a port`, `kernel`, ... */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly trend: Trend;
}

/** One of the two looks. */
export interface Look {
  readonly node: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Comparison {
  readonly before: Look;
  readonly after: Look;
  /** Worst first: worse, unclear, better, changed, same; then fullest. */
  readonly portSpaces: readonly SpaceComparison[];
  /** All that is not the same. */
  readonly node: readonly NodeChange[];
  /** The worst of all. */
  readonly trend: Trend;
  readonly conclusion: string;
}
