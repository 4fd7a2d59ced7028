// What of a cluster could not be seen, as gaps with the rule that would show it and what is weaker without it.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { PodReading } from './read-pods.ts';

type GapWords = Pick<Gap, 'id' | 'what' | 'weakens'>;

const NODES: GapWords = {
  id: 'nodes',
  what: 'the nodes of the cluster',
  weakens: 'which nodes there are, and their addresses',
};
const PODS: GapWords = { id: 'pods', what: 'the pods of the cluster', weakens: 'whose flows they are' };
const SERVICES: GapWords = {
  id: 'services',
  what: 'the Services of the cluster',
  weakens: 'which ports of the nodes they take',
};

export function nodeGaps(nodes: Seen<unknown>): Gap[] {
  return gapOf(nodes, NODES);
}

export function serviceGaps(claims: Seen<unknown>): Gap[] {
  return gapOf(claims, SERVICES);
}

export function podGaps({ pods, owners, guessedPods }: PodReading): Gap[] {
  if (!pods.seen) return gapOf(pods, PODS);
  if (guessedPods === 0) return [];
  const words: GapWords = {
    id: 'workloads',
    what: 'which workloads own the pods',
    weakens: `the workload of ${guessedPods} pods is a guess by the name of what made them`,
  };
  return [...gapOf(owners.ReplicaSet, words), ...gapOf(owners.Job, words)];
}

function gapOf(seen: Seen<unknown>, words: GapWords): Gap[] {
  if (seen.seen) return [];
  return [{ ...words, why: seen.why, ...(seen.remedy === undefined ? {} : { remedy: seen.remedy }) }];
}
