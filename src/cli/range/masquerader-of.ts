// Who translates the egress of pods, as far as the API shows it: by the networks that run and by Calico's pools.
import type { MasqueraderSeen } from '../../core/analysis/cluster-range.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';

export function masqueraderOf(sources: RangeSources): MasqueraderSeen {
  const networks = sources.daemonSets.seen ? sources.daemonSets.value : [];
  const calico = networks.find(({ network }) => network === 'calico');
  const other = networks.find(({ network }) => network !== 'calico');
  if (other !== undefined && (calico === undefined || other.network !== 'other'))
    return { by: other.network, evidence: `DaemonSet ${other.place}` };
  if (sources.group.apiGroup === undefined)
    return { by: 'unknown', evidence: `Calico is not here: ${sources.group.why}` };
  if (!sources.pools.seen) return { by: 'unknown', evidence: `the IP pools were not read: ${sources.pools.why}` };
  const pool = sources.pools.value.find(({ natOutgoing }) => natOutgoing);
  if (pool === undefined) return { by: 'other', evidence: 'no IP pool of Calico has natOutgoing' };
  if (sources.daemonSets.seen && calico === undefined)
    return { by: 'unknown', evidence: `pool ${pool.name} has natOutgoing, but no DaemonSet calico-node runs here` };
  return { by: 'calico', evidence: `natOutgoing of pool ${pool.name}` };
}
