// Finds the DaemonSet calico-node, which says with which environment Felix starts.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { ask } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';
import { type CalicoNodeDaemonSet, parseCalicoNode } from './parse-calico-node.ts';

const LIST_DAEMON_SETS: ResourceAccess = { verb: 'list', group: 'apps', resource: 'daemonsets' };
const DAEMON_SETS = '/apis/apps/v1/daemonsets';
/** Where the operator and the manifests put it. */
const USUAL_NAMESPACES = ['calico-system', 'kube-system'] as const;

/** All of them; usually one, empty when Calico does not run here. */
export async function readCalicoNodes(
  client: ApiClient,
  signal: AbortSignal,
): Promise<Seen<readonly CalicoNodeDaemonSet[]>> {
  const request = { path: DAEMON_SETS, query: { labelSelector: 'k8s-app=calico-node' }, access: LIST_DAEMON_SETS };
  const listed = await seen(LIST_DAEMON_SETS, () => listObjects(client, { request, project: parseCalicoNode, signal }));
  if (listed.seen) return listed;
  // With a right to that one object alone.
  const attempts = await Promise.all(USUAL_NAMESPACES.map((namespace) => readOne(client, namespace, signal)));
  const found = attempts.flatMap((attempt) => (attempt.seen && attempt.value !== undefined ? [attempt.value] : []));
  return found.length > 0 ? { seen: true, value: found } : listed;
}

function readOne(
  client: ApiClient,
  namespace: string,
  signal: AbortSignal,
): Promise<Seen<CalicoNodeDaemonSet | undefined>> {
  const access: ResourceAccess = { verb: 'get', group: 'apps', resource: 'daemonsets', namespace };
  const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/calico-node`;
  return seen(access, async () => parseCalicoNode(await ask(client, { path, access }, signal)));
}
