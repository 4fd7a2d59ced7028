// Makes the answer of `portolan range` out of what was read of a cluster.
import type { ClusterRange } from '../../core/analysis/cluster-range.ts';
import { effectiveNatPortRange } from '../../core/analysis/felix-range.ts';
import type { EffectiveNatPortRange } from '../../core/analysis/range-chain.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { CalicoApiGroup } from '../../core/model/calico/felix-configuration.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';
import { isLinux } from '../../core/model/cluster-node.ts';
import { masqueraderOf } from './masquerader-of.ts';
import { judgeNodePorts } from './node-ports-of.ts';
import { clusterGaps } from './range-gaps.ts';

/** Errors: PTL_NO_SUCH_NODE when the node asked for is not there. */
export function clusterRangeOf(sources: RangeSources, node: string | undefined): ClusterRange {
  const { nodes } = sources;
  if (node !== undefined && nodes.seen && nodes.value.length === 0)
    throw new PortolanError(
      'PTL_NO_SUCH_NODE',
      `Cannot find node ${node} in ${sources.context}, wanted one of its nodes`,
    );
  const { range: nodePorts, gaps } = judgeNodePorts(sources);
  return {
    cluster: sources.context,
    nodes: chains(sources, node),
    masquerader: masqueraderOf(sources),
    pools: sources.pools,
    nodePorts,
    calicoVersion: versionOf(sources),
    apiGroup: groupOf(sources),
    gaps: [...clusterGaps(sources, node), ...gaps],
  };
}

/** Felix does not follow natPortRange on Windows (calico#6324): such nodes have no chain. */
function chains(sources: RangeSources, node: string | undefined): EffectiveNatPortRange[] {
  const { nodes, configurations, environment } = sources;
  const common = { configurations, environment, calicoVersion: versionOf(sources) };
  if (nodes.seen)
    return nodes.value
      .filter(isLinux)
      .map(({ name, labels }) => effectiveNatPortRange(name, { ...common, labels: { seen: true, value: labels } }));
  return namesWithoutNodes(sources, node).map((name) => effectiveNatPortRange(name, { ...common, labels: nodes }));
}

/** What may still be said when nodes may not be listed: the one asked for, or those with an object of their own. */
function namesWithoutNodes({ configurations }: RangeSources, node: string | undefined): string[] {
  if (node !== undefined) return [node];
  if (!configurations.seen) return [ANY_NODE];
  const own = configurations.value.flatMap(({ name }) => (name.startsWith('node.') ? [name.slice(5)] : []));
  return [...own, ANY_NODE];
}

/** No node can be called so: it stands for all without an object of their own. */
export const ANY_NODE = '(any other node)';

function versionOf({ cluster }: RangeSources): Seen<string> {
  if (!cluster.seen) return cluster;
  const { calicoVersion } = cluster.value;
  if (calicoVersion === undefined) return { seen: false, why: 'ClusterInformation default holds no version' };
  return { seen: true, value: calicoVersion };
}

function groupOf({ group }: RangeSources): Seen<CalicoApiGroup> {
  return group.apiGroup === undefined || group.isGuess
    ? { seen: false, why: group.why }
    : { seen: true, value: group.apiGroup };
}
