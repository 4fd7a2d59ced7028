// The pods that have a node and have not ended, all or some of them, each with the workload that a person knows it by.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Pod } from '../../core/model/pod.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { seen } from '../access/seen.ts';
import { isMiddleKind, OwnerIndex, type OwnerLists } from './owner-index.ts';
import { parsePod, POD_SHAPE } from './parse-pod.ts';
import { readOwners } from './read-owners.ts';
import { SharedWorkloads } from './shared-workloads.ts';

export interface PodChoice {
  /** Undefined: all. */
  readonly namespace?: string | undefined;
  /** A label selector as kubectl's -l takes it. */
  readonly selector?: string | undefined;
  /** Name of the only node. */
  readonly node?: string | undefined;
}

export interface PodReading {
  readonly pods: Seen<readonly Pod[]>;
  /** Those of `ReplicaSet` and `Job`; not seen where no name could be looked up. */
  readonly owners: OwnerLists;
  /** Pods whose workload is a guess by its name. */
  readonly guessedPods: number;
}

export async function readPods(
  client: ApiClient,
  choice: PodChoice & { readonly signal: AbortSignal },
): Promise<PodReading> {
  const shared = new SharedWorkloads();
  const { namespace, node, signal } = choice;
  const access: ResourceAccess = {
    verb: 'list',
    group: '',
    resource: 'pods',
    ...(namespace === undefined ? {} : { namespace }),
  };
  const request = { path: pathOf(choice), access, query: queryOf(choice) };
  const project = (object: unknown): Pod | undefined => parsePod(object, shared);
  const pods = await seen(access, () => listObjects(client, { request, project, shape: POD_SHAPE, signal }));
  const isSome = namespace !== undefined || node !== undefined || !pods.seen;
  const namespaces = isSome ? namespacesOf(pods) : undefined;
  const owners = await readOwners(client, { namespaces, shared, signal });
  const index = new OwnerIndex(owners, shared);
  const named = pods.seen ? ({ seen: true, value: pods.value.map((pod) => withTop(pod, index)) } as const) : pods;
  return { pods: named, owners, guessedPods: index.guessedPods('ReplicaSet') + index.guessedPods('Job') };
}

function withTop(pod: Pod, index: OwnerIndex): Pod {
  const workload = index.topOf(pod.workload);
  return workload === pod.workload ? pod : { ...pod, workload };
}

/** A few lists of one namespace each cost less than one of all. */
function namespacesOf(pods: Seen<readonly Pod[]>): readonly string[] {
  const owned = pods.seen ? pods.value.filter(({ workload }) => isMiddleKind(workload.kind)) : [];
  return [...new Set(owned.map(({ namespace }) => namespace))];
}

function pathOf({ namespace }: PodChoice): string {
  return namespace === undefined ? '/api/v1/pods' : `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

function queryOf({ selector, node }: PodChoice): Readonly<Record<string, string>> {
  const place = node === undefined ? 'spec.nodeName!=' : `spec.nodeName=${node}`;
  const fieldSelector = `${place},status.phase!=Succeeded,status.phase!=Failed`;
  return { fieldSelector, ...(selector === undefined ? {} : { labelSelector: selector }) };
}
