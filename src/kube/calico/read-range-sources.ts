// Reads what decides the source ports of a cluster's nodes. What is forbidden or absent becomes "not seen"; only a server
// that cannot be reached, credentials it does not take and answers that are none stop the reading.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient } from '../access/api-client.ts';
import { askNodePortRange } from '../resources/ask-node-port-range.ts';
import { readNodePortSpan } from '../resources/read-node-ports.ts';
import { readNodes } from '../resources/read-nodes.ts';
import { calicoEnvironmentOf } from './calico-environment-of.ts';
import { type ApiGroupChoice, chooseApiGroup, readApiGroups } from './choose-api-group.ts';
import type { NetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';
import { readClusterInformation, readFelixConfigurations, readIpPools } from './read-calico-kinds.ts';
import { readNetworkDaemonSets } from './read-network-daemon-sets.ts';
import type { RangeSources } from './range-sources.ts';

export interface RangeReading {
  /** Name of the only node that matters; all when undefined. */
  readonly node: string | undefined;
  /** Whether to ask for the NodePort range by a request that is refused. */
  readonly asksNodePorts: boolean;
  /** The API group to read, where the caller knows it. */
  readonly group?: ApiGroupChoice;
  readonly signal: AbortSignal;
}

export async function readRangeSources(client: ApiClient, reading: RangeReading): Promise<RangeSources> {
  const { node, signal } = reading;
  const daemonSets = await readNetworkDaemonSets(client, signal);
  const group = reading.group ?? (await chooseGroup(client, daemonSets, signal));
  const [calico, nodes, askedNodePorts, usedNodePorts] = await Promise.all([
    readCalico(client, group.apiGroup, signal),
    readNodes(client, { node, signal }),
    reading.asksNodePorts ? askNodePortRange(client, signal) : NOT_ASKED,
    readNodePortSpan(client, signal),
  ]);
  const { context, server } = client;
  const environment = daemonSets.seen ? calicoEnvironmentOf(daemonSets.value) : daemonSets;
  return { context, server, group, nodes, ...calico, daemonSets, environment, askedNodePorts, usedNodePorts };
}

async function chooseGroup(
  client: ApiClient,
  daemonSets: RangeSources['daemonSets'],
  signal: AbortSignal,
): Promise<ApiGroupChoice> {
  const served = await readApiGroups(client, signal);
  return chooseApiGroup({ served, variables: apiGroupVariables(daemonSets) });
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

function apiGroupVariables(daemonSets: Seen<readonly NetworkDaemonSet[]>): string[] | undefined {
  if (!daemonSets.seen) return undefined;
  return daemonSets.value.flatMap(({ environment }) => environment?.variables['CALICO_API_GROUP'] ?? []);
}
