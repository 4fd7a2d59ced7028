// A comparison of clusters as programs read it: a plain object with a schema id of its own, null where a value is not known.
import type { ClusterComparison } from '../../core/analysis/compare/cluster-comparison.ts';
import { comparisonBody } from './comparison-document.ts';

export const CLUSTER_COMPARISON_OUTPUT_SCHEMA = 'portolan.dev/output/cluster-comparison/v1';

/** The plain object behind -o json and -o yaml. */
export function clusterComparisonDocument(clusters: ClusterComparison, next: string) {
  const { before, after, nodes, soleNodes, trend, conclusion } = clusters;
  return {
    schema: CLUSTER_COMPARISON_OUTPUT_SCHEMA,
    before,
    after,
    trend,
    nodes: nodes.map(({ node, change, otherChanges, severity, comparison }) => ({
      node,
      severity,
      change: change ?? null,
      otherChanges,
      ...comparisonBody(comparison),
    })),
    soleNodes,
    conclusion,
    next,
  };
}
