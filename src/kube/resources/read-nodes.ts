// The nodes of the cluster, all or one of them.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { seen } from '../access/seen.ts';
import type { ClusterNode } from '../../core/model/cluster-node.ts';
import { NODE_SHAPE, parseClusterNode } from './parse-cluster-node.ts';

export const LIST_NODES: ResourceAccess = { verb: 'list', group: '', resource: 'nodes' };

/** Sorted by name. `node`: that one only, asked for with the same right as all. */
export function readNodes(
  client: ApiClient,
  { node, signal }: { readonly node: string | undefined; readonly signal: AbortSignal },
): Promise<Seen<readonly ClusterNode[]>> {
  const query = node === undefined ? {} : { query: { fieldSelector: `metadata.name=${node}` } };
  const request = { path: '/api/v1/nodes', access: LIST_NODES, ...query };
  return seen(LIST_NODES, async () => {
    const nodes = await listObjects(client, { request, project: parseClusterNode, shape: NODE_SHAPE, signal });
    return nodes.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  });
}
