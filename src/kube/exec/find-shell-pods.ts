// Finds for each node a pod that can run commands in the node's network, among those that a cluster with Calico has anyway:
// calico-node, else kube-proxy. A pod that a person names is taken instead.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { ask } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';
import { parseShellPod } from './parse-shell-pod.ts';
import type { ShellPod } from './shell-pod.ts';

/** Where the operator and the manifests put calico-node; a label alone, in a namespace of anyone, proves nothing. */
export const SHELL_NAMESPACES = ['calico-system', 'kube-system'] as const;
/** The best first: its image has conntrack, nft, iptables and cat; kube-proxy's may have no more than its own tools. */
const SHELL_APPS = ['calico-node', 'kube-proxy'] as const;

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** The best pod of each node, by the node's name; not seen where no namespace may be listed. */
export async function findShellPods(
  client: ApiClient,
  { node, signal }: { readonly node?: string | undefined; readonly signal: AbortSignal },
): Promise<Seen<ReadonlyMap<string, ShellPod>>> {
  const lists = await Promise.all(
    SHELL_NAMESPACES.map((namespace) => listShellPods(client, { namespace, node, signal })),
  );
  const unseen = lists.find((list) => !list.seen);
  const pods = lists.flatMap((list) => (list.seen ? list.value : []));
  if (pods.length === 0 && unseen?.seen === false) return unseen;
  const best = new Map<string, ShellPod>();
  for (const pod of pods.toSorted((left, right) => rankOf(left) - rankOf(right)))
    if (!best.has(pod.node)) best.set(pod.node, pod);
  return { seen: true, value: best };
}

/** Errors: PTL_API_*, PTL_EXEC when the pod cannot be used. */
export async function nameShellPod(client: ApiClient, pod: PodName, signal: AbortSignal): Promise<ShellPod> {
  const { namespace, name } = pod;
  const access: ResourceAccess = { verb: 'get', group: '', resource: 'pods', namespace };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const answer = parseShellPod(await ask(client, { path, access }, signal), {
    containers: SHELL_APPS,
    anyContainer: true,
  });
  if ('pod' in answer) return answer.pod;
  const wanted = 'a running pod with hostNetwork';
  throw new PortolanError(
    'PTL_EXEC',
    `Cannot run commands in pod ${namespace}/${name}: ${answer.unusable}, wanted ${wanted}`,
  );
}

interface ShellPodList {
  readonly namespace: string;
  readonly node: string | undefined;
  readonly signal: AbortSignal;
}

function listShellPods(
  client: ApiClient,
  { namespace, node, signal }: ShellPodList,
): Promise<Seen<readonly ShellPod[]>> {
  const access: ResourceAccess = { verb: 'list', group: '', resource: 'pods', namespace };
  const query = {
    labelSelector: `k8s-app in (${SHELL_APPS.join(',')})`,
    ...(node === undefined ? {} : { fieldSelector: `spec.nodeName=${node}` }),
  };
  const request = { path: `/api/v1/namespaces/${namespace}/pods`, access, query };
  return seen(access, () => listObjects(client, { request, project: usablePod, signal }));
}

function usablePod(object: unknown): ShellPod | undefined {
  const answer = parseShellPod(object, { containers: SHELL_APPS, anyContainer: false });
  return 'pod' in answer ? answer.pod : undefined;
}

function rankOf({ container }: ShellPod): number {
  return SHELL_APPS.findIndex((app) => app === container);
}
