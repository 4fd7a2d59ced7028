// The one condition of a Node that Portolan writes, SNATPortPressure: by server-side apply, so that no other condition and nothing
// else of the status can be lost, and taken away by the same manager.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { listOf, type JsonObject, objectOf, statusMessage, textOf } from '../../core/kube-objects/parse-object.ts';
import type { ApiClient, ResourceAccess } from '../../kube/access/api-client.ts';
import { applyObject } from '../../kube/access/apply-object.ts';
import { ask, refusalOf } from '../../kube/access/refusal.ts';

export const CONDITION = 'SNATPortPressure';
/** Whose field it is, in managedFields: the same for every agent, so that one that follows another has no conflict with it. */
export const MANAGER = 'portolan-agent';

/** True is bad, as of MemoryPressure and DiskPressure. */
export type ConditionStatus = 'True' | 'False' | 'Unknown';

export interface NodeCondition {
  readonly status: ConditionStatus;
  /** One word in capitals at every beginning, for machines. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly lastHeartbeatTime: string;
  readonly lastTransitionTime: string;
}

/** What a Node's status says of the condition. */
export interface PublishedNode {
  readonly uid: string;
  /** Absent where the node has no such condition. */
  readonly condition?: { readonly status: string; readonly lastTransitionTime: string };
}

interface Place {
  readonly client: ApiClient;
  readonly node: string;
  readonly signal: AbortSignal;
}

/** Errors: PTL_API_*, PTL_API_ABSENT where no node has that name. */
export async function readCondition({ client, node, signal }: Place): Promise<PublishedNode> {
  return publishedNode(await ask(client, { path: pathOf(node), access: accessOf('get') }, signal));
}

/** Errors: PTL_API_*; PTL_CHANGE_CONFLICT where someone else wrote a condition of that type. */
export function applyCondition(place: Place, condition: NodeCondition): Promise<PublishedNode> {
  return applyStatus(place, { conditions: [{ type: CONDITION, ...condition }] });
}

/** Takes it away, where an agent put it; by the conventions of the API its absence means Unknown. Errors: PTL_API_*. */
export function removeCondition(place: Place): Promise<PublishedNode> {
  return applyStatus(place, undefined);
}

async function applyStatus({ client, node, signal }: Place, status: object | undefined): Promise<PublishedNode> {
  const path = pathOf(node);
  const access = accessOf('patch');
  const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: node }, ...(status && { status }) };
  const answer = await applyObject(client, { path, access, object, manager: MANAGER }, signal);
  if (answer.status === 409) throw conflict(node, statusMessage(answer.body) ?? 'conflict');
  if (answer.status !== 200) throw refusalOf(answer, { path, access }, client);
  return publishedNode(answer.body);
}

function conflict(node: string, said: string): PortolanError {
  const [line = ''] = said.split('\n');
  const message = `Cannot write condition ${CONDITION} of node ${node}: ${line.replace(/:$/, '')}, wanted no other writer of it`;
  const hint = `kubectl get node ${node} -o yaml --show-managed-fields`;
  return new PortolanError('PTL_CHANGE_CONFLICT', message, { hint });
}

function publishedNode(body: unknown): PublishedNode {
  const { metadata, status } = objectOf(body);
  const uid = textOf(objectOf(metadata)['uid']) ?? '';
  const own = listOf(objectOf(status)['conditions']).map(objectOf).find(isOurs);
  if (own === undefined) return { uid };
  const [is, since] = [textOf(own['status']) ?? '', textOf(own['lastTransitionTime']) ?? ''];
  return { uid, condition: { status: is, lastTransitionTime: since } };
}

function isOurs({ type }: JsonObject): boolean {
  return type === CONDITION;
}

function pathOf(node: string): string {
  return `/api/v1/nodes/${encodeURIComponent(node)}/status`;
}

function accessOf(verb: ResourceAccess['verb']): ResourceAccess {
  return { verb, group: '', resource: 'nodes/status' };
}
