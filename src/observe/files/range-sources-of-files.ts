// What decides the source ports of a cluster's nodes, from files of kubectl and calicoctl instead of an API server.
import type { FelixEnvironment } from '../../core/model/calico/felix-environment.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { NetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';
import type { KubeDump } from '../../dumps/kube/kube-dump.ts';
import type { ApiGroupChoice } from '../../kube/calico/choose-api-group.ts';
import { chooseApiGroup } from '../../kube/calico/choose-api-group.ts';
import { calicoEnvironmentOf } from '../../kube/calico/calico-environment-of.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { oneNode } from '../../dumps/bundle/choose-nodes.ts';
import { openInputs } from './open-inputs.ts';
import type { InputOptions } from './opened.ts';
import { readKubeDump } from './read-kube-files.ts';
import type { Gap } from '../../core/model/gap.ts';

export interface FilesRangeSources {
  readonly sources: RangeSources;
  /** What of the files could not be read. */
  readonly gaps: readonly Gap[];
}

export interface RangeFilesOptions extends Pick<InputOptions, 'readStdin'> {
  readonly paths: readonly string[];
  /** Name of the only node that matters. */
  readonly node: string | undefined;
}

/** Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE, also where no file holds objects of Kubernetes. */
export async function rangeSourcesOfFiles({ paths, node, readStdin }: RangeFilesOptions): Promise<FilesRangeSources> {
  const { inputs, gaps: ofArchives } = await openInputs(paths, { readStdin, choose: (name) => oneNode(node, name) });
  try {
    const cluster = inputs.filter(({ kinds }) => kinds.includes('kube'));
    if (cluster.length === 0)
      throw new PortolanError(
        'PTL_UNKNOWN_FILE',
        `Cannot read ${inputs.map(({ name }) => name).join(', ')}: no objects of Kubernetes, wanted ${COMMAND}`,
        { hint: 'docs/reference/files.md says how to make each file' },
      );
    const { dump, gaps } = readKubeDump(cluster);
    return {
      sources: sourcesOf(dump, { node, context: cluster.map(({ name }) => name).join(', ') }),
      gaps: [...ofArchives, ...gaps],
    };
  } finally {
    for (const input of inputs) input.close();
  }
}

const COMMAND = 'kubectl get nodes,services,daemonsets,felixconfigurations,ippools,clusterinformations -A -o json';

function sourcesOf(
  dump: KubeDump,
  { node, context }: { readonly node: string | undefined; readonly context: string },
): RangeSources {
  const daemonSets = seenIn(dump.daemonSets, 'DaemonSets', 'daemonsets -A');
  const nodes = seenIn(dump.nodes, 'Nodes', 'nodes');
  return {
    context,
    server: 'files',
    group: groupOf(dump, daemonSets),
    nodes: nodes.seen
      ? { seen: true, value: nodes.value.filter(({ name }) => node === undefined || name === node) }
      : nodes,
    configurations: seenIn(dump.configurations, 'FelixConfigurations', 'felixconfigurations'),
    pools: seenIn(dump.pools, 'IPPools', 'ippools'),
    cluster: seenIn(dump.clusterInformation, 'ClusterInformation', 'clusterinformations'),
    daemonSets,
    environment: environmentOf(daemonSets),
    askedNodePorts: { seen: false, why: 'files do not name it' },
    usedNodePorts: usedNodePorts(dump),
  };
}

function seenIn<Value>(value: Value | undefined, kinds: string, resource: string): Seen<Value> {
  if (value !== undefined) return { seen: true, value };
  return { seen: false, why: `no file holds ${kinds}`, remedy: `kubectl get ${resource} -o json` };
}

/** The groups that objects in the files came from stand for those that the API server serves. */
function groupOf({ calicoGroups }: KubeDump, daemonSets: Seen<readonly NetworkDaemonSet[]>): ApiGroupChoice {
  const served = new Set([...calicoGroups].map((group) => group.split('/')[0] ?? ''));
  const variables = daemonSets.seen
    ? daemonSets.value.flatMap(({ environment }) => environment?.variables['CALICO_API_GROUP'] ?? [])
    : undefined;
  const choice = chooseApiGroup({ served, variables });
  if (choice.apiGroup === undefined) return { ...choice, why: 'no file holds an object of Calico' };
  return { ...choice, why: choice.why.replace(/ (?:is|are) served\b/, ' is what the objects in the files are of') };
}

function environmentOf(daemonSets: Seen<readonly NetworkDaemonSet[]>): Seen<FelixEnvironment> {
  return daemonSets.seen ? calicoEnvironmentOf(daemonSets.value) : daemonSets;
}

function usedNodePorts({ serviceClaims }: KubeDump): Seen<PortRange | undefined> {
  const claims: Seen<readonly PortClaim[]> = seenIn(serviceClaims, 'Services', 'services -A');
  if (!claims.seen) return claims;
  const ports = claims.value.map(({ ports: { first } }) => first);
  const span = ports.length === 0 ? undefined : { first: Math.min(...ports), last: Math.max(...ports) };
  return { seen: true, value: span };
}
