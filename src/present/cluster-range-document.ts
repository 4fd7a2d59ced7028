// The effective ranges of a cluster as programs read them: a plain object with a schema id of its own.
import type { ClusterRange } from '../core/analysis/cluster-range.ts';

export const RANGE_OUTPUT_SCHEMA = 'portolan.dev/output/range/v1';

/** The plain object behind -o json and -o yaml of `portolan range`. */
export function clusterRangeDocument(cluster: ClusterRange) {
  return { schema: RANGE_OUTPUT_SCHEMA, cluster: cluster.cluster };
}
