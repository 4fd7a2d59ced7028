// The effective natPortRange of a cluster's nodes as one screen: who has which, which layer says so, what is wrong.
import type { ClusterRange } from '../core/analysis/cluster-range.ts';
import type { Style } from './style.ts';

export interface ClusterRangeOptions {
  readonly style: Style;
  /** Unfolds every layer of every distinct chain. */
  readonly explain: boolean;
}

/** The page of `portolan range`. */
export function formatClusterRange(cluster: ClusterRange, options: ClusterRangeOptions): string {
  return `not written yet: ${cluster.cluster} ${options.explain}\n`;
}
