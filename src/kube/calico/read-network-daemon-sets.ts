// The DaemonSets that run a network on the nodes: calico-node with the environment that Felix starts with, and the names of
// other networks, which may translate egress instead of Calico.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { ask } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';
import { type NetworkDaemonSet, parseNetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';

const LIST_DAEMON_SETS: ResourceAccess = { verb: 'list', group: 'apps', resource: 'daemonsets' };
/** Where the operator and the manifests put calico-node. */
const USUAL_NAMESPACES = ['calico-system', 'kube-system'] as const;

/** All of them; empty when no known network runs here. */
export async function readNetworkDaemonSets(
  client: ApiClient,
  signal: AbortSignal,
): Promise<Seen<readonly NetworkDaemonSet[]>> {
  const request = { path: '/apis/apps/v1/daemonsets', access: LIST_DAEMON_SETS };
  const listed = await seen(LIST_DAEMON_SETS, () =>
    listObjects(client, { request, project: parseNetworkDaemonSet, signal }),
  );
  if (listed.seen) return listed;
  // With a right to that one object alone.
  const attempts = await Promise.all(USUAL_NAMESPACES.map((namespace) => readCalicoNode(client, namespace, signal)));
  const found = attempts.flatMap((attempt) => (attempt.seen && attempt.value !== undefined ? [attempt.value] : []));
  return found.length > 0 ? { seen: true, value: found } : listed;
}

function readCalicoNode(
  client: ApiClient,
  namespace: string,
  signal: AbortSignal,
): Promise<Seen<NetworkDaemonSet | undefined>> {
  const access: ResourceAccess = { verb: 'get', group: 'apps', resource: 'daemonsets', namespace };
  const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/calico-node`;
  return seen(access, async () => parseNetworkDaemonSet(await ask(client, { path, access }, signal)));
}
