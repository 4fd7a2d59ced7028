// What a write of natPortRange is judged by, beside the ranges of the nodes.
import type { RangeView } from '../../core/advice/change/plan-range-change.ts';
import type { NodePortPlane } from '../../core/analysis/range-write.ts';
import { vxlanPortOf } from '../../core/analysis/vxlan-port.ts';
import type { ApiClient } from '../../kube/access/api-client.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';
import { readServiceClaims } from '../../kube/resources/read-service-claims.ts';

export async function readWriteFacts(
  client: ApiClient,
  sources: RangeSources,
  signal: AbortSignal,
): Promise<RangeView['facts']> {
  const claims = await readServiceClaims(client, signal);
  const memberPorts = claims.seen
    ? { ...claims, value: claims.value.filter(({ kind }) => kind === 'load-balancer-member') }
    : claims;
  return { vxlanPort: vxlanPortOf(sources), nodePortPlane: planeOf(sources), memberPorts };
}

function planeOf({ daemonSets, configurations }: RangeSources): NodePortPlane {
  const networks = daemonSets.seen ? daemonSets.value.map(({ network }) => network) : [];
  if (networks.includes('cilium')) return 'cilium';
  if (networks.includes('ovn-kubernetes')) return 'ovn-kubernetes';
  const settings = configurations.seen
    ? configurations.value.find(({ name }) => name === 'default')?.settings
    : undefined;
  return settings?.bpfEnabled === true ? 'calico-ebpf' : 'unknown';
}
