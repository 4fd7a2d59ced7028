// What of a cluster was not seen, as gaps: those of the cluster as a whole, not those that a node's chain names itself.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Gap, GapId } from '../../core/model/gap.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';
import { isLinux } from '../../core/model/cluster-node.ts';

export function clusterGaps(sources: RangeSources, node: string | undefined): Gap[] {
  return [
    ...gapOf(sources.nodes, NODES),
    ...gapOf(sources.pools, POOLS),
    ...guessedGroup(sources),
    ...windowsNodes(sources, node),
    ...rollout(sources),
  ];
}

type GapWords = Pick<Gap, 'id' | 'what' | 'weakens'>;

const NODES: GapWords = {
  id: 'nodes',
  what: 'the nodes of the cluster',
  weakens: 'which nodes there are, and their labels',
};
const POOLS: GapWords = {
  id: 'ip-pools',
  what: "Calico's IP pools",
  weakens: 'whether Calico translates egress at all',
};

function gapOf(seen: Seen<unknown>, words: GapWords): Gap[] {
  if (seen.seen) return [];
  return [{ ...words, why: seen.why, ...(seen.remedy === undefined ? {} : { remedy: seen.remedy }) }];
}

function guessedGroup({ group }: RangeSources): Gap[] {
  if (!group.isGuess) return [];
  const id: GapId = 'felix-configurations';
  const weakens = `every range here: ${group.apiGroup ?? ''} was read, Calico may use the other group`;
  return [{ id, what: 'which API group Calico uses', why: group.why, weakens }];
}

function windowsNodes({ nodes }: RangeSources, node: string | undefined): Gap[] {
  const names = nodes.seen ? nodes.value.filter((each) => !isLinux(each)).map(({ name }) => name) : [];
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  const weakens = node === undefined ? 'nothing said of the others' : 'all that could be said of it';
  return [{ id: 'nodes', what: `the ports of Windows nodes: ${shown}`, why: 'Windows ignores natPortRange', weakens }];
}

/** While a rollout of calico-node is under way, some nodes run with another environment. */
function rollout({ daemonSets }: RangeSources): Gap[] {
  const calicoNodes = daemonSets.seen ? daemonSets.value.filter(({ network }) => network === 'calico') : [];
  const pods = calicoNodes.reduce((sum, { outdatedPods }) => sum + outdatedPods, 0);
  if (pods === 0) return [];
  const why = `${pods} of its pods do not run the present template yet`;
  const weakens = 'the variables on those nodes';
  return [{ id: 'felix-environment', what: 'the environment of every calico-node', why, weakens }];
}
