// Two looks at the nodes of a cluster: what became of each node that both show, and which only one shows.
import type { Severity } from '../finding.ts';
import type { Comparison, Trend } from './comparison.ts';
import type { LeadingChange } from './conclude.ts';

export interface ClusterLook {
  /** The cluster's name, or that of the file. */
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  /** That were read. */
  readonly nodes: number;
}

/** A node that both looks show. */
export interface NodeComparison extends LeadingChange {
  readonly node: string;
  readonly trend: Trend;
  /** With the worst few port spaces. */
  readonly comparison: Comparison;
  /** What it came to in the later look. */
  readonly severity: Severity;
}

/** `appeared`: only the later look shows it; `vanished`: only the earlier one; `unread`: one of them names it and could not read it. */
export type SoleKind = 'appeared' | 'vanished' | 'unread';

export interface SoleNode {
  readonly node: string;
  readonly kind: SoleKind;
  /** Its verdict where it was read: an id of a check. */
  readonly verdict: string;
  readonly severity: Severity;
  /** New trouble is worse, a node out of sight is unclear. */
  readonly trend: Trend;
}

export interface ClusterComparison {
  readonly before: ClusterLook;
  readonly after: ClusterLook;
  /** Worst first: worse, unclear, better, changed, same; then the gravest. */
  readonly nodes: readonly NodeComparison[];
  readonly soleNodes: readonly SoleNode[];
  /** The worst of all. */
  readonly trend: Trend;
  readonly conclusion: string;
}
