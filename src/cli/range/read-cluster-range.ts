// From a kubeconfig to the ranges of a cluster's nodes: opens the API, reads it, judges what was read.
import type { ClusterRange } from '../../core/analysis/cluster-range.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import { readRangeSources } from '../../kube/calico/read-range-sources.ts';
import type { ClusterRangeOptions } from '../measures.ts';
import { clusterRangeOf } from './cluster-range-of.ts';

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE. */
export async function readClusterRange(options: ClusterRangeOptions): Promise<ClusterRange> {
  const { kubeconfig, context, variables, node, asksNodePorts, signal, progress } = options;
  const client = await openApiClient({ kubeconfig, context, variables }, options);
  try {
    progress(`reading ${client.context}`, 0);
    const sources = await readRangeSources(client, { node, asksNodePorts, signal });
    progress('judging', 0.9);
    return clusterRangeOf(sources, node);
  } finally {
    client.close();
  }
}
