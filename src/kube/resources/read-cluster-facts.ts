// Reads what the API server says of a cluster as far as source NAT is concerned. What may not be read is a gap that names the
// missing rule; only a server that cannot be reached, or takes no credentials, stops the reading.
import { CLUSTER_FACTS_SCHEMA, type ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { ApiClient } from '../access/api-client.ts';
import { nodeGaps, podGaps, serviceGaps } from './cluster-gaps.ts';
import { readNodes } from './read-nodes.ts';
import { type PodChoice, readPods } from './read-pods.ts';
import { readServiceClaims } from './read-service-claims.ts';

export interface ClusterReading extends PodChoice {
  /** Wall-clock time, ISO 8601. */
  readonly at: string;
  readonly signal: AbortSignal;
}

/** Namespace and selector choose pods only; `node` also the node. Errors: PTL_API_*. */
export async function readClusterFacts(client: ApiClient, reading: ClusterReading): Promise<ClusterFacts> {
  const { node, at, signal } = reading;
  // One after another: each is as large as memory should hold pages of.
  const nodes = await readNodes(client, { node, signal });
  const serviceClaims = await readServiceClaims(client, signal);
  const podReading = await readPods(client, reading);
  return {
    schema: CLUSTER_FACTS_SCHEMA,
    cluster: client.context,
    at,
    nodes,
    pods: podReading.pods,
    serviceClaims,
    gaps: [...nodeGaps(nodes), ...podGaps(podReading), ...serviceGaps(serviceClaims)],
  };
}
