// How many nodes the load needs, and how many pods on each, so that the fullest node meets the goal.
import { shareOfFullest } from './changed-situation.ts';
import type { Question } from './remedy-draft.ts';

export interface SpreadLayout {
  /** Nodes that carry the load afterwards. */
  readonly nodes: number;
  /** The fewest that meet the goal; undefined when no number of nodes within the limit does. */
  readonly needed?: number;
  /** Pods afterwards; undefined when their number is not known. */
  readonly pods?: number;
  /** True when there are more pods than now. */
  readonly addsPods: boolean;
  /** True when a single pod opens more than a node bears. */
  readonly onePodExceeds: boolean;
  /** Share of the load on the fullest node, surge counted. */
  readonly share: number;
}

/**
 * The layout for the goal. A pod opens its even share of the load; more replicas share the same load. Without a known
 * number of pods the load is taken to divide over any number of nodes.
 */
export function layOut(question: Question): SpreadLayout {
  const { load, placement } = question.situation;
  const flows = load.flows * question.goal.loadFactor;
  const bears = question.today.capacityFlows;
  const limit = placement.maxNodes ?? Infinity;
  if (placement.pods === undefined) return layOutEvenly({ needed: ceil(flows / bears), limit, nodes: placement.nodes });
  return layOutPods({ flows, bears, limit, nodes: placement.nodes, pods: placement.pods, surge: placement.surgePods });
}

/** Whether the load lies as evenly as pods allow already. */
export function isSpreadAlready({ situation }: Question): boolean {
  const { nodes, pods, hottestShare } = situation.placement;
  return hottestShare <= shareOfFullest({ nodes, pods, surge: 0 }) + 1e-9;
}

function layOutEvenly({ needed, limit, nodes }: { needed: number; limit: number; nodes: number }): SpreadLayout {
  const carrying = Math.max(nodes, Math.min(needed, limit));
  const reaches = needed <= carrying;
  return {
    nodes: carrying,
    ...(reaches ? { needed } : {}),
    addsPods: false,
    onePodExceeds: false,
    share: 1 / carrying,
  };
}

function layOutPods(given: {
  readonly flows: number;
  readonly bears: number;
  readonly limit: number;
  readonly nodes: number;
  readonly pods: number;
  readonly surge: number;
}): SpreadLayout {
  const { flows, bears, limit, nodes, pods, surge } = given;
  const fitting = Math.floor(bears / Math.max(flows / pods, 1e-9) + 1e-9) - surge;
  const onePodExceeds = fitting < 1;
  const replicas = onePodExceeds ? ceil(((1 + surge) * flows) / bears) : pods;
  const needed = onePodExceeds ? replicas : Math.ceil(pods / fitting);
  const most = Math.max(limit, 1);
  if (needed <= Math.max(most, nodes))
    return laid({ nodes: Math.max(needed, Math.min(nodes, most)), needed, replicas, given, onePodExceeds });
  const even = evenReplicas(given, Math.max(most, nodes));
  return laid({
    nodes: Math.max(most, nodes),
    ...(even === undefined ? {} : { needed: Math.max(most, nodes) }),
    replicas: even ?? nearestReplicas(pods, Math.max(most, nodes)),
    given,
    onePodExceeds,
  });
}

/** Replicas that fill every node alike, when that meets the goal on so many nodes. */
function evenReplicas(
  { flows, bears, pods, surge }: { flows: number; bears: number; pods: number; surge: number },
  nodes: number,
): number | undefined {
  const spare = bears * nodes - flows;
  if (spare < 0 || (spare === 0 && surge > 0)) return undefined;
  const each = Math.max(Math.ceil(pods / nodes), surge === 0 ? 1 : ceil((surge * flows) / spare));
  return Number.isSafeInteger(each * nodes) ? each * nodes : undefined;
}

/** Where nothing meets the goal: as many as lie evenly on all nodes, which comes nearest; without a limit there is no such number. */
function nearestReplicas(pods: number, nodes: number): number {
  return Number.isSafeInteger(nodes) ? Math.ceil(pods / nodes) * nodes : pods;
}

function laid(layout: {
  readonly nodes: number;
  readonly needed?: number;
  readonly replicas: number;
  readonly onePodExceeds: boolean;
  readonly given: { readonly pods: number; readonly surge: number };
}): SpreadLayout {
  const { nodes, needed, replicas, onePodExceeds, given } = layout;
  return {
    nodes: Math.min(nodes, replicas),
    ...(needed === undefined ? {} : { needed }),
    pods: replicas,
    addsPods: replicas > given.pods,
    onePodExceeds,
    share: shareOfFullest({ nodes, pods: replicas, surge: given.surge }),
  };
}

/** A whole number no smaller, forgiving the last bits of a division. */
function ceil(value: number): number {
  return Math.max(1, Math.ceil(value - 1e-9));
}
