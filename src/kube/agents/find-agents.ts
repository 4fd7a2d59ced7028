// Finds the agent of each node, in the one namespace that agents are installed in: a label in a namespace of anyone proves
// nothing.
import { AGENT_LABELS } from '../../core/kube-objects/agent-names.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ApiClient, ResourceAccess } from '../access/api-client.ts';
import { listObjects } from '../access/list-objects.ts';
import { seen } from '../access/seen.ts';
import { type NodeAgent, parseAgentPod } from './parse-agent-pod.ts';

export interface AgentSearch {
  readonly namespace: string;
  /** Name of the only node that matters. */
  readonly node?: string | undefined;
  readonly signal: AbortSignal;
}

/** By the node's name; empty where none is installed. Not seen where the pods of that namespace may not be listed. */
export async function findAgents(
  client: ApiClient,
  { namespace, node, signal }: AgentSearch,
): Promise<Seen<ReadonlyMap<string, NodeAgent>>> {
  const access: ResourceAccess = { verb: 'list', group: '', resource: 'pods', namespace };
  const labels = Object.entries(AGENT_LABELS).map(([name, value]) => `${name}=${value}`);
  const query = {
    labelSelector: labels.join(','),
    ...(node === undefined ? {} : { fieldSelector: `spec.nodeName=${node}` }),
  };
  const request = { path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, access, query };
  const pods = await seen(access, () => listObjects(client, { request, project: parseAgentPod, signal }));
  if (!pods.seen) return pods;
  const agents = new Map<string, NodeAgent>();
  // While a rollout replaces it a node has two: the one that is ready counts.
  for (const found of pods.value)
    if ('pod' in found.agent || !agents.has(found.node)) agents.set(found.node, found.agent);
  return { seen: true, value: agents };
}
