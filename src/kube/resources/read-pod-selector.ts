// The labels by which a workload finds its pods: what a patch that spreads them must name.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Workload } from '../../core/model/workload.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { objectOf } from '../access/parse-object.ts';
import { ask } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';

const RESOURCES: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'deployments'],
  ['StatefulSet', 'statefulsets'],
  ['DaemonSet', 'daemonsets'],
]);

/** spec.selector.matchLabels; undefined where the selector is none of labels alone, or the kind has none. */
export async function readPodSelector(
  client: ApiClient,
  { kind, namespace, name }: Workload,
  signal: AbortSignal,
): Promise<Seen<Readonly<Record<string, string>> | undefined>> {
  const resource = RESOURCES.get(kind);
  if (resource === undefined) return { seen: true, value: undefined };
  const access: ResourceAccess = { verb: 'get', group: 'apps', resource, namespace };
  const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
  return seen(access, async () => labelsOf(await ask(client, { path, access }, signal)));
}

function labelsOf(workload: unknown): Readonly<Record<string, string>> | undefined {
  const { matchLabels, matchExpressions } = objectOf(objectOf(objectOf(workload)['spec'])['selector']);
  const labels = Object.entries(objectOf(matchLabels)).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
  return labels.length === 0 || matchExpressions !== undefined ? undefined : Object.fromEntries(labels);
}
