// The ports that Services take on every node, of all namespaces: a NodePort is one of the whole cluster.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { seen } from '../access/seen.ts';
import { parseServiceClaims, SERVICE_SHAPE } from './parse-service-claims.ts';

const LIST_SERVICES: ResourceAccess = { verb: 'list', group: '', resource: 'services' };

/** By their ports, lowest first. */
export function readServiceClaims(client: ApiClient, signal: AbortSignal): Promise<Seen<readonly PortClaim[]>> {
  const request = { path: '/api/v1/services', access: LIST_SERVICES };
  const project = (object: unknown): readonly PortClaim[] | undefined => {
    const claims = parseServiceClaims(object);
    return claims.length === 0 ? undefined : claims;
  };
  return seen(LIST_SERVICES, async () => {
    const claims = (await listObjects(client, { request, project, shape: SERVICE_SHAPE, signal })).flat();
    return claims.toSorted((left, right) => left.ports.first - right.ports.first || left.protocol - right.protocol);
  });
}
