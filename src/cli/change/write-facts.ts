// What a write of natPortRange is judged by, beside the ranges of the nodes.
import type { RangeView } from '../../core/advice/change/plan-range-change.ts';
import { DEFAULT_CONFIGURATION } from '../../core/model/calico/felix-configuration.ts';
import type { FelixEnvironment } from '../../core/model/calico/felix-environment.ts';
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

/** By Calico's settings and what else runs; which mode kube-proxy has, only a node's rules say. */
function planeOf({ daemonSets, configurations, environment }: RangeSources): NodePortPlane {
  const networks = daemonSets.seen ? daemonSets.value.map(({ network }) => network) : [];
  if (networks.includes('cilium')) return 'cilium';
  if (networks.includes('ovn-kubernetes')) return 'ovn-kubernetes';
  const settings = configurations.seen
    ? configurations.value.find(({ name }) => name === DEFAULT_CONFIGURATION)?.settings
    : undefined;
  const told = environment.seen ? bpfVariable(environment.value) : undefined;
  return (told ?? settings?.bpfEnabled === true) ? 'calico-ebpf' : 'unknown';
}

/** The environment wins over every object (felix/config/config_params.go). Undefined where it says nothing or neither word. */
function bpfVariable({ variables }: FelixEnvironment): boolean | undefined {
  const value = Object.entries(variables).find(([name]) => name.toUpperCase() === 'FELIX_BPFENABLED')?.[1];
  return value === undefined ? undefined : BPF_WORDS.get(value.toLowerCase());
}

const BPF_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
