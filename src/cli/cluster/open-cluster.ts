// A cluster opened for reading: what its API server says, and the way to each of its nodes.
import type { ClusterRange } from '../../core/analysis/cluster-range.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import { isLinux } from '../../core/model/cluster-node.ts';
import type { Pod } from '../../core/model/pod.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';
import { readRangeSources } from '../../kube/calico/read-range-sources.ts';
import { AgentClient } from '../../kube/agents/agent-client.ts';
import { type NodeShells, openNodeShells } from '../../kube/exec/open-node-shells.ts';
import { readClusterFacts } from '../../kube/resources/read-cluster-facts.ts';
import { readPods } from '../../kube/resources/read-pods.ts';
import { ClusterKnowledge } from '../../observe/remote/cluster-knowledge.ts';
import type { NodeAccess } from '../../observe/remote/read-cluster-node.ts';
import { clusterRangeOf } from '../range/cluster-range-of.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { findWantedAgents, NO_AGENT } from './find-wanted-agents.ts';

export interface OpenCluster {
  readonly client: ClusterClient;
  readonly facts: ClusterFacts;
  readonly sources: RangeSources;
  readonly range: ClusterRange;
  readonly knowledge: ClusterKnowledge;
  /** Undefined: agents are not asked. */
  readonly agents: AgentClient | undefined;
  /** The way to each node, sorted by name. */
  readonly nodes: readonly NodeAccess[];
  /** Those asked about; undefined: all. */
  readonly chosenPods?: readonly Pod[];
}

export interface PodLimit {
  readonly namespace?: string;
  readonly selector?: string;
}

/** Opens, lets `use` work with it, and closes. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_EXEC for --exec-pod. */
export async function withCluster<Result>(
  options: ClusterOptions & PodLimit,
  use: (cluster: OpenCluster) => Promise<Result>,
): Promise<Result> {
  const { choice, world, progress } = options;
  const { kubeconfig, context } = choice;
  const client = await openApiClient({ kubeconfig, context, variables: world.variables }, world);
  try {
    progress(`reading ${client.context}`, 0);
    return await use(await readCluster(client, options));
  } finally {
    client.close();
  }
}

async function readCluster(client: ClusterClient, options: ClusterOptions & PodLimit): Promise<OpenCluster> {
  const { choice, world, signal } = options;
  const { node, execPod: pod } = choice;
  const sources = await readRangeSources(client, { node, asksNodePorts: false, signal });
  const range = clusterRangeOf(sources, node);
  const facts = await readClusterFacts(client, { node, at: world.wallClock(), signal });
  const chosenPods = await readChosenPods(client, options);
  const { shells, absence } = choice.via === 'agent' ? NO_SHELLS : await openNodeShells(client, { node, pod, signal });
  const agents = await findWantedAgents(client, { choice, signal });
  const names = nodeNames(facts, [
    ...shells.keys(),
    ...(agents?.keys() ?? []),
    ...(chosenPods ?? []).map((each) => each.node),
  ]);
  // Someone who may list the pods of one namespace alone still gets those named.
  const hasAllPods = facts.pods.seen;
  const known = hasAllPods || chosenPods === undefined ? facts : { ...facts, pods: seenPods(chosenPods) };
  return {
    client,
    facts: known,
    sources,
    range,
    knowledge: new ClusterKnowledge(known, { podNetworks: podNetworks(sources), hasAllPods }),
    agents: agents === undefined ? undefined : new AgentClient(client, world.now),
    nodes: names.map((name): NodeAccess => {
      const shell = shells.get(name);
      const agent = agents === undefined ? {} : { agent: agents.get(name) ?? NO_AGENT };
      return shell === undefined
        ? { node: name, ...agent, ...absence, why: whyNoShell(facts, name) ?? absence.why }
        : { node: name, ...agent, shell };
    }),
    ...(chosenPods === undefined ? {} : { chosenPods }),
  };
}

/** Where agents alone are to be asked. */
const NO_SHELLS: NodeShells = { shells: new Map(), absence: { why: '' } };

function seenPods(pods: readonly Pod[]): Seen<readonly Pod[]> {
  return { seen: true, value: pods };
}

/** Errors: PTL_API_FORBIDDEN where the pods asked about may not be listed. */
async function readChosenPods(
  client: ClusterClient,
  { namespace, selector, choice, signal }: ClusterOptions & PodLimit,
): Promise<readonly Pod[] | undefined> {
  if (namespace === undefined && selector === undefined) return undefined;
  const { pods } = await readPods(client, { namespace, selector, node: choice.node, signal });
  if (pods.seen) return pods.value;
  const message = `Cannot list the pods asked about: ${pods.why}, wanted the right to`;
  throw new PortolanError('PTL_API_FORBIDDEN', message, pods.remedy === undefined ? {} : { hint: pods.remedy });
}

/** Those that the API server names, else those that something is known to run on. */
function nodeNames({ nodes }: ClusterFacts, others: readonly string[]): string[] {
  if (nodes.seen) return nodes.value.map(({ name }) => name);
  return [...new Set(others)].toSorted();
}

function whyNoShell({ nodes }: ClusterFacts, name: string): string | undefined {
  const node = nodes.seen ? nodes.value.find((each) => each.name === name) : undefined;
  if (node === undefined) return undefined;
  if (!isLinux(node)) return 'Windows: its NAT is not read';
  return node.isReady === false ? 'not ready, and no pod runs there to look through' : undefined;
}

/** Of every pool that gives addresses to pods; a pool whose uses are not pods' is none. */
function podNetworks({ pools }: RangeSources): Seen<readonly string[]> {
  if (!pools.seen) return pools;
  const ofPods = pools.value.filter(({ allowedUses }) => allowedUses.length === 0 || allowedUses.includes('Workload'));
  return { seen: true, value: ofPods.map(({ cidr }) => cidr) };
}
