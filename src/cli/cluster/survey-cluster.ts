// Reads the nodes of an open cluster and lets a visitor take what it needs of each, one after another.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { NodeAccess } from '../../observe/remote/read-cluster-node.ts';
import { type NodeOutcome, surveyNodes } from '../../observe/remote/survey-nodes.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { OpenCluster } from './open-cluster.ts';

export interface ClusterSurvey<Value> {
  readonly outcomes: readonly NodeOutcome<Value>[];
  /** Nodes beyond --max-nodes. */
  readonly leftOut: number;
}

export interface SurveyRequest<Value> {
  readonly options: ClusterOptions;
  readonly visit: (facts: NodeFacts) => Value;
}

export async function surveyCluster<Value>(
  cluster: OpenCluster,
  { options, visit }: SurveyRequest<Value>,
): Promise<ClusterSurvey<Value>> {
  const { reach, world, windowSeconds, snatOnly, signal, progress } = options;
  const wanted = wantedNodes(cluster);
  const nodes = wanted.slice(0, reach.maxNodes ?? wanted.length);
  const outcomes = await surveyNodes(nodes, {
    agents: cluster.agents,
    knownOf: (node) => cluster.knowledge.of(node),
    concurrency: reach.concurrency,
    timeoutSeconds: reach.timeoutSeconds,
    windowSeconds,
    snatOnly,
    signal,
    progress,
    visit,
    now: world.now,
    wallClock: world.wallClock,
    sleep: world.sleep,
  });
  return { outcomes, leftOut: wanted.length - nodes.length };
}

/** Where pods are asked about, the nodes that they run on. */
function wantedNodes({ nodes, chosenPods }: OpenCluster): readonly NodeAccess[] {
  if (chosenPods === undefined) return nodes;
  const names = new Set(chosenPods.map(({ node }) => node));
  return nodes.filter(({ node }) => names.has(node));
}
