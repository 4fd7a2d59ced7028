// The ports that Services occupy on every node, as one span: enough to tell which NodePort range a cluster can not have.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { listOf, numberOf, objectOf } from '../../core/kube-objects/parse-object.ts';
import { seen } from '../access/seen.ts';

const LIST_SERVICES: ResourceAccess = { verb: 'list', group: '', resource: 'services' };

/** From the lowest to the highest NodePort in use; undefined value: none is. */
export function readNodePortSpan(client: ApiClient, signal: AbortSignal): Promise<Seen<PortRange | undefined>> {
  const request = { path: '/api/v1/services', access: LIST_SERVICES };
  return seen(LIST_SERVICES, async () => {
    const spans = await listObjects(client, { request, project: spanOfService, signal });
    return spans.reduce<PortRange | undefined>(joined, undefined);
  });
}

function joined(left: PortRange | undefined, right: PortRange): PortRange {
  if (left === undefined) return right;
  return { first: Math.min(left.first, right.first), last: Math.max(left.last, right.last) };
}

function spanOfService(object: unknown): PortRange | undefined {
  const spec = objectOf(objectOf(object)['spec']);
  const ports = [...listOf(spec['ports']).map((port) => objectOf(port)['nodePort']), spec['healthCheckNodePort']]
    .map((port) => numberOf(port) ?? 0)
    .filter((port) => port > 0);
  return ports.length === 0 ? undefined : { first: Math.min(...ports), last: Math.max(...ports) };
}
