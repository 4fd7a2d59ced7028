// Asks the API server for its range of NodePorts, which no API names: by a Service that it must refuse. A dry run does not
// check the range (pkg/registry/core/service/portallocator), so this is a true request; two things each make sure that nothing
// can come of it. It carries a resource version, with which nothing is ever created, and the name of the Service
// default/kubernetes, which the API server itself keeps in being.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { ApiClient, ApiRequest, ResourceAccess } from '../access/api-client.ts';
import { statusMessage } from '../../core/kube-objects/parse-object.ts';
import { refusalOf } from '../access/refusal.ts';
import { seen } from '../access/seen.ts';

const CREATE_SERVICES: ResourceAccess = { verb: 'create', group: '', resource: 'services', namespace: 'default' };
/** Outside every range that is likely. */
const PORT = 65_535;

export function askNodePortRange(client: ApiClient, signal: AbortSignal): Promise<Seen<PortRange>> {
  return seen(CREATE_SERVICES, async () => {
    const request = refusedService();
    const answer = await client.send(request, signal);
    const range = rangeIn(statusMessage(answer.body) ?? '');
    if (range === undefined) throw refusalOf(answer, request, client);
    return range;
  });
}

function refusedService(): ApiRequest {
  return {
    path: '/api/v1/namespaces/default/services',
    access: CREATE_SERVICES,
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kubernetes', resourceVersion: '1' },
      spec: { type: 'NodePort', ports: [{ port: 443, nodePort: PORT }] },
    },
  };
}

/** Out of `The range of valid ports is 30000-32767`. */
function rangeIn(message: string): PortRange | undefined {
  const match = /range of valid ports is (\d{1,5})-(\d{1,5})/.exec(message);
  return match === null ? undefined : { first: Number(match[1]), last: Number(match[2]) };
}
