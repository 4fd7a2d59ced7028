// Which workload controls each ReplicaSet and Job: their metadata alone, because pod templates would be most of the answer.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { objectOf, textOf } from '../access/parse-object.ts';
import { seen } from '../access/seen.ts';
import type { MiddleKind, OwnerLists, OwnersOfKind } from './owner-index.ts';
import { parseOwner } from './parse-owner.ts';
import type { SharedWorkloads } from './shared-workloads.ts';

const RESOURCES: Readonly<Record<MiddleKind, { readonly group: string; readonly resource: string }>> = {
  ReplicaSet: { group: 'apps', resource: 'replicasets' },
  Job: { group: 'batch', resource: 'jobs' },
};

const OWNER_SHAPE = { metadata: { name: true, namespace: true, ownerReferences: true } } as const;

export interface OwnerReading {
  /** Undefined: all. */
  readonly namespaces: readonly string[] | undefined;
  readonly shared: SharedWorkloads;
  readonly signal: AbortSignal;
}

export async function readOwners(client: ApiClient, reading: OwnerReading): Promise<OwnerLists> {
  const [replicaSets, jobs] = await Promise.all([
    readOwnersOf(client, 'ReplicaSet', reading),
    readOwnersOf(client, 'Job', reading),
  ]);
  return { ReplicaSet: replicaSets, Job: jobs };
}

async function readOwnersOf(client: ApiClient, kind: MiddleKind, reading: OwnerReading): Promise<OwnersOfKind> {
  const owners = new Map<string, Workload>();
  for (const namespace of reading.namespaces ?? [undefined]) {
    const listed = await listInto(client, kind, { ...reading, namespace, owners });
    if (!listed.seen) return listed;
  }
  return { seen: true, value: owners };
}

interface OneList extends OwnerReading {
  readonly namespace: string | undefined;
  readonly owners: Map<string, Workload>;
}

function listInto(client: ApiClient, kind: MiddleKind, list: OneList): Promise<Seen<unknown>> {
  const { namespace, owners, shared, signal } = list;
  const { group, resource } = RESOURCES[kind];
  const access: ResourceAccess = { verb: 'list', group, resource, ...(namespace === undefined ? {} : { namespace }) };
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const request = { path: `/apis/${group}/v1${place}/${resource}`, access, metadataOnly: true };
  // Kept in the map, not in the list.
  const project = (object: unknown): undefined => {
    const metadata = objectOf(objectOf(object)['metadata']);
    const owner = parseOwner(metadata);
    const [name, home] = [textOf(metadata['name']) ?? '', textOf(metadata['namespace']) ?? ''];
    if (owner !== undefined) owners.set(`${home}/${name}`, shared.of(owner.kind, home, owner.name));
  };
  return seen(access, () => listObjects(client, { request, project, shape: OWNER_SHAPE, signal }));
}
