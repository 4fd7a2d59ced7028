// A Deployment or StatefulSet as far as spreading its pods needs it: how many, chosen by which labels, spread how already.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listOf, numberOf, objectOf, textsOf } from '../../core/kube-objects/parse-object.ts';
import { ask } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';

export interface ReplicatedWorkload {
  readonly workload: Workload;
  /** `spec.replicas`; 1 where it is not set. */
  readonly replicas: number;
  /** `spec.selector.matchLabels`. */
  readonly matchLabels: Readonly<Record<string, string>>;
  /** True when the selector has matchExpressions too, which matchLabels alone do not say. */
  readonly hasExpressions: boolean;
  /** How many topology spread constraints its template has already. */
  readonly constraints: number;
}

const RESOURCES: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'deployments'],
  ['StatefulSet', 'statefulsets'],
]);

/** Not seen for a kind that has no replicas of its own to spread, as a DaemonSet has none. */
export function readReplicatedWorkload(
  client: ApiClient,
  workload: Workload,
  signal: AbortSignal,
): Promise<Seen<ReplicatedWorkload>> {
  const { kind, namespace, name } = workload;
  const resource = RESOURCES.get(kind);
  if (resource === undefined)
    return Promise.resolve({ seen: false, why: `a ${kind} has no replicas that could be spread` });
  const access: ResourceAccess = { verb: 'get', group: 'apps', resource, namespace };
  const place = [namespace, resource, name].map(encodeURIComponent).join('/');
  const request = { path: `/apis/apps/v1/namespaces/${place}`, access };
  return seen(access, async () => parseReplicatedWorkload(await ask(client, request, signal), workload));
}

function parseReplicatedWorkload(object: unknown, workload: Workload): ReplicatedWorkload {
  const spec = objectOf(objectOf(object)['spec']);
  const selector = objectOf(spec['selector']);
  const template = objectOf(objectOf(spec['template'])['spec']);
  return {
    workload,
    replicas: numberOf(spec['replicas']) ?? 1,
    matchLabels: textsOf(selector['matchLabels']),
    hasExpressions: listOf(selector['matchExpressions']).length > 0,
    constraints: listOf(template['topologySpreadConstraints']).length,
  };
}
