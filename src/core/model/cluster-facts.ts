// What the API server says of a cluster, as far as source NAT is concerned. What the nodes themselves say is in NodeFacts,
// one node at a time: the flows of all nodes together would not fit.
import type { Seen } from './calico/seen.ts';
import type { ClusterNode } from './cluster-node.ts';
import type { Gap } from './gap.ts';
import type { Pod } from './pod.ts';
import type { PortClaim } from './port-claim.ts';

export const CLUSTER_FACTS_SCHEMA = 'portolan.dev/cluster-facts/v1';

export interface ClusterFacts {
  readonly schema: typeof CLUSTER_FACTS_SCHEMA;
  /** Name of the kubeconfig context, or `in-cluster`. */
  readonly cluster: string;
  /** Wall-clock time of the reading, ISO 8601. */
  readonly at: string;
  readonly nodes: Seen<readonly ClusterNode[]>;
  /** Those that have a node and have not ended. */
  readonly pods: Seen<readonly Pod[]>;
  /** Ports that Services take on every node: NodePorts, health-check NodePorts, members of load balancers. */
  readonly serviceClaims: Seen<readonly PortClaim[]>;
  /** What is not known of the cluster as a whole. */
  readonly gaps: readonly Gap[];
}
