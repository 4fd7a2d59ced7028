// Remedy: the pods that open the flows on more nodes, each with a port space of its own. The page's preferred one: no conflict comes with it.
import { formatCount, formatInteger, formatNumber } from '../model/number-text.ts';
import { spreadOver } from './changed-situation.ts';
import { effectOf, hottestFlows } from './effect.ts';
import { formatDestination, formatFlows } from './load-text.ts';
import type { Standing } from './plan.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import { type SpreadLayout, isSpreadAlready, layOut } from './spread-layout.ts';
import { formatBearing } from './take-over.ts';
import { spreadCommand, spreadPatch, spreadUndo } from './spread-patch.ts';

export function spreadPods(question: Question): RemedyDraft {
  const { situation, goal } = question;
  const { workload, placement } = situation;
  const layout = layOut(question);
  const effect = effectOf(
    spreadOver(situation, { nodes: layout.nodes, pods: layout.pods, surge: placement.surgePods }),
    goal,
  );
  const patch = spreadPatch(workload, minDomains(question, layout));
  const isPatchable = workload !== undefined && workload.kind !== 'daemonset';
  return {
    id: 'spread',
    kind: 'spread',
    standing: standing(question, layout, standingOf(effect, question)),
    title: title(question, layout),
    change: {
      kind: 'spread',
      nodes: layout.nodes,
      podsPerNode: layout.pods === undefined ? 1 : Math.ceil(layout.pods / layout.nodes),
      ...(layout.pods === undefined ? {} : { replicas: layout.pods }),
      patch,
    },
    effect,
    risks: risksOf(question, layout),
    conflicts: [],
    preconditions: preconditionsOf(question, layout),
    reasons: reasonsOf(question, layout),
    ...(isPatchable
      ? {
          command: spreadCommand(workload, layout, patch),
          undo: spreadUndo(workload, layout, placement.pods),
        }
      : {}),
  };
}

/** Spreading over as many nodes as carry it already changes nothing. */
function standing(question: Question, layout: SpreadLayout, byFigures: Standing): Standing {
  const { placement } = question.situation;
  const changes = layout.nodes > placement.nodes || layout.addsPods || !isSpreadAlready(question);
  if (changes) return byFigures;
  return layout.needed === undefined ? 'not-possible' : 'not-worth-it';
}

/** With an autoscaler the constraint asks for the nodes itself: pods wait until there are so many. */
function minDomains({ situation }: Question, { nodes }: SpreadLayout): number | undefined {
  const { placement } = situation;
  return placement.maxNodes !== undefined && nodes > placement.nodes ? nodes : undefined;
}

function title({ situation }: Question, layout: SpreadLayout): string {
  const { workload, placement } = situation;
  if (layout.nodes === 1) return `spread ${workload?.name ?? 'the pods'} over more nodes`;
  const who = workload?.name ?? 'the pods';
  const replicas = layout.addsPods && layout.pods !== undefined ? ` as ${formatInteger(layout.pods)} replicas` : '';
  const more = layout.nodes > placement.nodes ? ` (now ${formatInteger(placement.nodes)})` : '';
  return `spread ${who} over ${formatCount(layout.nodes, 'node')}${more}${replicas}`;
}

function reasonsOf(question: Question, layout: SpreadLayout): readonly string[] {
  const { situation, today, goal } = question;
  const { load, placement } = situation;
  const before = Math.round(placement.hottestShare * 100);
  const after = (layout.share * 100).toPrecision(2);
  const changes = !isSpreadAlready(question) || layout.nodes > placement.nodes || layout.addsPods;
  return [
    ...(!changes && layout.needed === undefined ? [need(question, layout)] : []),
    ...(!changes
      ? [`The load is spread over ${formatCount(placement.nodes, 'node')} as evenly as it can be.`]
      : [
          `The fullest node then carries ${Number(after)} % of the load (now ${before} %); each node has all its ports for ${formatDestination(load)}.`,
        ]),
    ...(changes || layout.needed !== undefined ? [need(question, layout)] : []),
    ...(layout.onePodExceeds ? [onePod(question, layout)] : []),
    ...(goal.loadFactor === 1 ? [] : [`Counted for ${formatNumber(goal.loadFactor)} times today's load.`]),
    `No port of anybody else comes into play: the range stays as it is, and a node bears ${formatBearing(situation, today.capacityFlows)} to one destination.`,
  ];
}

function need({ situation }: Question, layout: SpreadLayout): string {
  const { placement } = situation;
  if (layout.needed !== undefined) {
    const surge =
      placement.surgePods === 0
        ? ''
        : `, ${formatCount(placement.surgePods, 'surge pod')} of a rollout on the fullest node counted`;
    return `${formatCount(layout.needed, 'node')} ${layout.needed === 1 ? 'is' : 'are'} needed${surge}.`;
  }
  return placement.maxNodes === undefined
    ? 'More nodes do not help: no node bears a single flow of this load at the wanted chance.'
    : `The autoscaler makes ${formatCount(placement.maxNodes, 'node')} at most, and the goal needs more.`;
}

function onePod({ situation, goal, today }: Question, layout: SpreadLayout): string {
  const { load, placement } = situation;
  const pods = placement.pods ?? 1;
  const each = (load.flows * goal.loadFactor) / pods;
  const alone = each > today.capacityFlows ? 'One pod alone opens' : 'One pod with its surge opens';
  return `${alone} ${formatFlows(load, each * (each > today.capacityFlows ? 1 : 1 + placement.surgePods))} at once, more than a node bears: ${layout.addsPods ? `${formatInteger(layout.pods ?? 0)} replicas are needed (now ${formatInteger(pods)})` : 'moving it does not help'}.`;
}

function preconditionsOf({ situation }: Question, layout: SpreadLayout): readonly string[] {
  const { placement, workload } = situation;
  const missing = layout.nodes - placement.nodes;
  return [
    ...(missing <= 0
      ? []
      : placement.maxNodes === undefined
        ? [`Add ${formatCount(missing, 'node')} that may run these pods first (now ${formatInteger(placement.nodes)}).`]
        : [
            `The autoscaler must be allowed ${formatCount(layout.nodes, 'node')}; pods wait (Pending) until it has made them.`,
          ]),
    ...(layout.addsPods
      ? [
          'The load must divide over the replicas; an autoscaler of the workload (HPA) needs at least as many as its minimum.',
        ]
      : []),
    ...(placement.pods === undefined
      ? ['It is not known how many pods open these connections; one at least must run on each node.']
      : []),
    ...(workload === undefined
      ? ['The workload that opens these connections must be named before a command can be given.']
      : []),
    ...(workload?.kind === 'daemonset'
      ? ['A DaemonSet runs once on each node already: it spreads by adding nodes.']
      : []),
  ];
}

function risksOf({ situation }: Question, layout: SpreadLayout): readonly string[] {
  const { load } = situation;
  const carried = hottestFlows(situation);
  return [
    `The rollout restarts every pod and opens its connections anew, ${formatFlows(load, carried)} on the fullest node; do it while the load is low.`,
    'DoNotSchedule rather than ScheduleAnyway: one pod too many on a node loses connections again, while a pod without a place waits and is seen as Pending.',
    'The constraint acts when pods are placed: after nodes go and come, pods may lie unevenly until the next rollout.',
    ...(layout.addsPods ? ['More replicas use more memory and more connections to databases and the like.'] : []),
    'A workload that is kept in Git is set back at its next sync: put the patch there.',
  ];
}
