// All that a cluster says about the source ports of its nodes, each part read or not seen with the reason.
import type { ClusterInformation } from '../../core/model/calico/cluster-information.ts';
import type { FelixConfiguration } from '../../core/model/calico/felix-configuration.ts';
import type { FelixEnvironment } from '../../core/model/calico/felix-environment.ts';
import type { IpPool } from '../../core/model/calico/ip-pool.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { ClusterNode } from '../../core/model/cluster-node.ts';
import type { ApiGroupChoice } from './choose-api-group.ts';
import type { NetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';

export interface RangeSources {
  readonly context: string;
  readonly server: string;
  readonly group: ApiGroupChoice;
  /** Sorted by name; the one asked for, when one was. */
  readonly nodes: Seen<readonly ClusterNode[]>;
  readonly configurations: Seen<readonly FelixConfiguration[]>;
  readonly pools: Seen<readonly IpPool[]>;
  readonly cluster: Seen<ClusterInformation>;
  /** What runs the network on the nodes, as far as it is known by name. */
  readonly daemonSets: Seen<readonly NetworkDaemonSet[]>;
  /** Of calico-node, on all nodes: one DaemonSet runs everywhere. */
  readonly environment: Seen<FelixEnvironment>;
  /** The API server's own answer; not seen when it was not asked. */
  readonly askedNodePorts: Seen<PortRange>;
  /** From the lowest to the highest NodePort in use, undefined when none is. */
  readonly usedNodePorts: Seen<PortRange | undefined>;
}
