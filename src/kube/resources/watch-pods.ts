// Follows the pods of one node. Each has its nearest owner as workload; read-owner.ts looks up the one above.
import type { Pod } from '../../core/model/pod.ts';
import { parsePod } from '../../core/kube-objects/parse-pod.ts';
import type { SharedWorkloads } from '../../core/kube-objects/shared-workloads.ts';
import type { ClusterClient, RetryWorld } from '../access/api-client.ts';
import { type WatchEvent, watchObjects } from '../access/watch-objects.ts';

export interface NodePodsWatch {
  readonly node: string;
  readonly shared: SharedWorkloads;
  readonly world: RetryWorld;
  readonly signal: AbortSignal;
}

/** A pod that ended counts as deleted. Errors: those of watchObjects. */
export function watchPods(
  client: ClusterClient,
  { node, shared, world, signal }: NodePodsWatch,
): AsyncGenerator<WatchEvent<Pod>, never, undefined> {
  const query = { fieldSelector: `spec.nodeName=${node}` };
  return watchObjects(client, {
    request: { path: '/api/v1/pods', query, access: { verb: 'list', group: '', resource: 'pods' } },
    project: (object) => parsePod(object, shared),
    world,
    signal,
  });
}
