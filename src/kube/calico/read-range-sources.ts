// Reads what decides the source ports of a cluster's nodes. What is forbidden or absent becomes "not seen"; only a server
// that cannot be reached, credentials it does not take and answers that are none stop the reading.
import type { FelixEnvironment } from '../../core/model/calico/felix-environment.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient } from '../access/api-client.ts';
import { askNodePortRange } from '../resources/ask-node-port-range.ts';
import { readNodePortSpan } from '../resources/read-node-ports.ts';
import { readNodes } from '../resources/read-nodes.ts';
import { chooseApiGroup, readApiGroups } from './choose-api-group.ts';
import type { CalicoNodeDaemonSet } from './parse-calico-node.ts';
import { readClusterInformation, readFelixConfigurations, readIpPools } from './read-calico-kinds.ts';
import { readCalicoNodes } from './read-calico-node.ts';
import type { RangeSources } from './range-sources.ts';

export interface RangeReading {
  /** Name of the only node that matters; all when undefined. */
  readonly node: string | undefined;
  /** Whether to ask for the NodePort range by a request that is refused. */
  readonly asksNodePorts: boolean;
  readonly signal: AbortSignal;
}

export async function readRangeSources(client: ApiClient, reading: RangeReading): Promise<RangeSources> {
  const { node, signal } = reading;
  const served = await readApiGroups(client, signal);
  const calicoNodes = await readCalicoNodes(client, signal);
  const group = chooseApiGroup({ served, variables: apiGroupVariables(calicoNodes) });
  const [calico, nodes, askedNodePorts, usedNodePorts] = await Promise.all([
    readCalico(client, group.apiGroup, signal),
    readNodes(client, { node, signal }),
    reading.asksNodePorts ? askNodePortRange(client, signal) : NOT_ASKED,
    readNodePortSpan(client, signal),
  ]);
  const { context, server } = client;
  return { context, server, group, nodes, ...calico, ...environmentOf(calicoNodes), askedNodePorts, usedNodePorts };
}

const NOT_ASKED: Seen<never> = {
  seen: false,
  why: 'no API object names it, and the API server was not asked',
  remedy: 'portolan range --ask-node-ports',
};

async function readCalico(client: ApiClient, apiGroup: RangeSources['group']['apiGroup'], signal: AbortSignal) {
  if (apiGroup === undefined) {
    const absent: Seen<never> = { seen: false, why: "the API server serves none of Calico's objects" };
    return { configurations: absent, pools: absent, cluster: absent };
  }
  const reader = { client, apiGroup, signal };
  const [configurations, pools, cluster] = await Promise.all([
    readFelixConfigurations(reader),
    readIpPools(reader),
    readClusterInformation(reader),
  ]);
  return { configurations, pools, cluster };
}

function apiGroupVariables(calicoNodes: Seen<readonly CalicoNodeDaemonSet[]>): string[] | undefined {
  if (!calicoNodes.seen) return undefined;
  return calicoNodes.value.flatMap(({ variables }) => variables['CALICO_API_GROUP'] ?? []);
}

function environmentOf(calicoNodes: Seen<readonly CalicoNodeDaemonSet[]>) {
  if (!calicoNodes.seen) return { environment: calicoNodes, daemonSets: [], outdatedPods: 0 };
  const daemonSets = calicoNodes.value.map(({ place }) => place);
  const outdatedPods = calicoNodes.value.reduce((sum, { outdatedPods: pods }) => sum + pods, 0);
  return { environment: joinedEnvironment(calicoNodes.value), daemonSets, outdatedPods };
}

function joinedEnvironment(calicoNodes: readonly CalicoNodeDaemonSet[]): Seen<FelixEnvironment> {
  const [only, ...others] = calicoNodes;
  if (only === undefined) return { seen: false, why: 'no DaemonSet with the label k8s-app=calico-node' };
  if (others.length > 0)
    return { seen: false, why: `several DaemonSets calico-node: ${calicoNodes.map(({ place }) => place).join(', ')}` };
  const { variables, unread } = only;
  return { seen: true, value: { variables, unread, configFile: UNSEEN_FILE } };
}

const UNSEEN_FILE: Seen<never> = {
  seen: false,
  why: 'it is a file on the node, which the API does not show',
  remedy: 'kubectl exec -n calico-system POD -c calico-node -- cat /etc/calico/felix.cfg',
};
