// What controls one ReplicaSet or Job. A list of all would cost each of thousands of nodes more than the few it asks for.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Workload } from '../../core/model/workload.ts';
import { type MiddleKind, OwnerIndex, type OwnersOfKind } from '../../core/kube-objects/owner-index.ts';
import { objectOf } from '../../core/kube-objects/parse-object.ts';
import { parseOwner } from '../../core/kube-objects/parse-owner.ts';
import { SharedWorkloads } from '../../core/kube-objects/shared-workloads.ts';
import type { ApiClient, ApiRequest } from '../access/api-client.ts';
import { refusalOf } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';
import { OWNER_RESOURCES } from './read-owners.ts';

const NOT_ASKED: OwnersOfKind = { seen: true, value: new Map() };

export interface TopOwner {
  /** A guess by the name where `lookup` was not seen. */
  readonly workload: Workload;
  readonly lookup: Seen<unknown>;
}

/** Errors: those of `seen`. One that is gone already has no owner any more: the name tells. */
export async function readTopOwner(
  client: ApiClient,
  nearest: Workload & { readonly kind: MiddleKind },
  signal: AbortSignal,
): Promise<TopOwner> {
  const { kind, namespace, name } = nearest;
  const { group, resource } = OWNER_RESOURCES[kind];
  const access = { verb: 'get', group, resource, namespace } as const;
  const path = `/apis/${group}/v1/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  const lookup = await seen(access, () => ownerAt(client, { path, access }, signal));
  return { workload: topOf(nearest, lookup), lookup };
}

async function ownerAt(client: ApiClient, request: ApiRequest, signal: AbortSignal) {
  const answer = await client.send(request, signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refusalOf(answer, request, client);
  return { owner: parseOwner(objectOf(objectOf(answer.body)['metadata'])) };
}

function topOf(
  nearest: Workload & { readonly kind: MiddleKind },
  lookup: Seen<Awaited<ReturnType<typeof ownerAt>>>,
): Workload {
  const { kind, namespace, name } = nearest;
  const gone: OwnersOfKind = { seen: false, why: 'gone' };
  const owners = lookup.seen && lookup.value !== undefined ? ownersOf(nearest, lookup.value.owner) : gone;
  const lists = { ReplicaSet: NOT_ASKED, Job: NOT_ASKED, [kind]: owners };
  return new OwnerIndex(lists, new SharedWorkloads()).topOf({ kind, namespace, name });
}

function ownersOf({ namespace, name }: Workload, owner: ReturnType<typeof parseOwner>): OwnersOfKind {
  const entries = owner === undefined ? [] : [[`${namespace}/${name}`, { ...owner, namespace }] as const];
  return { seen: true, value: new Map(entries) };
}
