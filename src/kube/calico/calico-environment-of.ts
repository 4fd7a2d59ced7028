// The variables of calico-node on all nodes: its one DaemonSet runs everywhere.
import type { FelixEnvironment } from '../../core/model/calico/felix-environment.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { NetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';

/** Not seen without such a DaemonSet, or where there are several. */
export function calicoEnvironmentOf(daemonSets: readonly NetworkDaemonSet[]): Seen<FelixEnvironment> {
  const calicoNodes = daemonSets.filter(({ network }) => network === 'calico');
  const [only, ...others] = calicoNodes;
  if (only?.environment === undefined) return { seen: false, why: 'the cluster has no DaemonSet calico-node' };
  if (others.length > 0)
    return { seen: false, why: `several DaemonSets calico-node: ${calicoNodes.map(({ place }) => place).join(', ')}` };
  return { seen: true, value: { ...only.environment, configFile: unseenFile(only) } };
}

function unseenFile({ place }: NetworkDaemonSet): Seen<never> {
  const namespace = place.split('/')[0] ?? '';
  return {
    seen: false,
    why: 'it is a file on the node, which the API does not show',
    remedy: `kubectl exec -n ${namespace} POD -c calico-node -- cat /etc/calico/felix.cfg`,
  };
}
