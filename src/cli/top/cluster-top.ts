// The live view of a cluster: finds its nodes and their agents, and asks them.
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { isLinux } from '../../core/model/cluster-node.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import { AgentClient, agentError } from '../../kube/agents/agent-client.ts';
import { findAgents } from '../../kube/agents/find-agents.ts';
import type { AgentPod, NodeAgent } from '../../kube/agents/parse-agent-pod.ts';
import { readNodes } from '../../kube/resources/read-nodes.ts';
import { readAgentNode } from '../../observe/agents/read-agent-node.ts';
import type { GlanceMessage } from '../../protocol/glance-message.ts';
import { parseGlanceMessage } from '../../protocol/parse-glance-message.ts';
import type { ClusterChoice, ClusterReach } from '../cluster/cluster-choice.ts';
import { worldOf } from '../cluster/cluster-world.ts';
import type { CommandInput } from '../command-spec.ts';
import { AgentLooks, type AgentWay } from './agent-looks.ts';
import type { TopRequest } from './node-looks.ts';
import { runTop } from './run-top.ts';

export interface ClusterTopRequest extends TopRequest {
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
}

const MOST_GLANCE_BYTES = 64 * 1024;
const NO_KNOWLEDGE = { claims: [], gaps: [] };

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_AGENT where no agent runs. */
export async function runClusterTop(input: CommandInput, request: ClusterTopRequest): Promise<number> {
  const { choice, reach, intervalSeconds, isOnce } = request;
  const world = worldOf(input.surroundings);
  const { kubeconfig, context } = choice;
  const client = await openApiClient({ kubeconfig, context, variables: world.variables }, world);
  try {
    const agents = new ClusterAgents(client, { request, now: world.now });
    const source = new AgentLooks({
      name: `the agents of ${client.context}`,
      intervalSeconds,
      concurrency: reach.concurrency,
      ways: (signal) => agents.ways(signal),
      diagnose: (facts) => input.surroundings.measures.diagnose(facts),
      now: world.now,
      wallClock: world.wallClock,
      sleep: world.sleep,
    });
    return await runTop(source, input, { isOnce, next: 'portolan diagnose' });
  } finally {
    client.close();
  }
}

class ClusterAgents {
  readonly #client: ClusterClient;
  readonly #agents: AgentClient;
  readonly #request: ClusterTopRequest;

  constructor(
    client: ClusterClient,
    { request, now }: { readonly request: ClusterTopRequest; readonly now: () => number },
  ) {
    this.#client = client;
    this.#agents = new AgentClient(client, now);
    this.#request = request;
  }

  /** Of the Linux nodes. Errors: PTL_API_*, PTL_AGENT. */
  async ways(signal: AbortSignal): Promise<readonly AgentWay[]> {
    const { choice, reach } = this.#request;
    const { node, agentNamespace: namespace = AGENT_NAMESPACE } = choice;
    const found = await findAgents(this.#client, { namespace, node, signal });
    if (!found.seen) throw noAgents(this.#client, found.why, found.remedy);
    if (found.value.size === 0) throw noAgents(this.#client, `no agent runs in namespace ${namespace}`);
    const nodes = await readNodes(this.#client, { node, signal });
    const names = nodes.seen ? nodes.value.filter(isLinux).map(({ name }) => name) : [...found.value.keys()].toSorted();
    return names.slice(0, reach.maxNodes).map((name) => this.#wayTo(name, found.value.get(name)));
  }

  #wayTo(node: string, agent: NodeAgent | undefined): AgentWay {
    if (agent === undefined) return { node, why: 'no agent runs there' };
    if ('why' in agent) return { node, why: agent.why };
    const { timeoutSeconds } = this.#request.reach;
    return {
      node,
      glance: (signal) => this.#glance(agent.pod, signal),
      look: (signal) =>
        readAgentNode(this.#agents, agent.pod, {
          known: NO_KNOWLEDGE,
          windowSeconds: undefined,
          signal,
          timeoutSeconds,
        }),
    };
  }

  async #glance(pod: AgentPod, signal: AbortSignal): Promise<GlanceMessage> {
    const { timeoutSeconds } = this.#request.reach;
    const question = { path: '/glance', signal, timeoutSeconds, mostBytes: MOST_GLANCE_BYTES };
    const read = parseGlanceMessage(await this.#agents.askText(pod, question));
    if (typeof read === 'string') throw agentError(pod, `its answer is none: ${read}`);
    return read;
  }
}

function noAgents({ context }: ClusterClient, why: string, remedy?: string): PortolanError {
  const hint =
    remedy ?? 'portolan install puts agents on the nodes; portolan diagnose reads them by exec; this node: --local';
  return new PortolanError('PTL_AGENT', `Cannot watch ${context}: ${why}, wanted agents`, { hint });
}
