// Who held a port of a node at a moment that may be past: what the agent of that node remembers.
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { PortHistory } from '../../core/model/port-history.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import { AgentClient, agentError } from '../../kube/agents/agent-client.ts';
import { findAgents } from '../../kube/agents/find-agents.ts';
import type { AgentPod } from '../../kube/agents/parse-agent-pod.ts';
import { readNodes } from '../../kube/resources/read-nodes.ts';
import { parseWhoMessage } from '../../protocol/parse-who-message.ts';
import type { ClusterChoice, ClusterReach } from '../cluster/cluster-choice.ts';
import type { ClusterWorld } from '../cluster/cluster-options.ts';
import { nodeWithAddress } from '../cluster/node-with-address.ts';

export interface PortHistoryOptions {
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
  readonly world: ClusterWorld;
  /** Of the node, canonical text. */
  readonly address: string;
  readonly port: number;
  /** Wall-clock milliseconds. */
  readonly atMilliseconds: number;
  readonly signal: AbortSignal;
}

/** A connection is half a kilobyte; one port had so many, towards as many remotes, on no node. */
const MOST_ANSWER_BYTES = 32 * 2 ** 20;
const HINT = 'portolan install puts agents on the nodes, which remember from then on; who holds it now: without --at';

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_AGENT where no agent runs there or it does not answer. */
export async function askPortHistory(options: PortHistoryOptions): Promise<PortHistory> {
  const { choice, world } = options;
  const { kubeconfig, context } = choice;
  const client = await openApiClient({ kubeconfig, context, variables: world.variables }, world);
  try {
    return await ask(client, await agentOf(client, options), options);
  } finally {
    client.close();
  }
}

async function agentOf(client: ClusterClient, { choice, address, signal }: PortHistoryOptions): Promise<AgentPod> {
  const nodes = choice.node === undefined ? await readNodes(client, { node: undefined, signal }) : undefined;
  const node = nodes === undefined ? (choice.node ?? '') : nodeWithAddress(nodes, { address, cluster: client.context });
  const namespace = choice.agentNamespace ?? AGENT_NAMESPACE;
  const agents = await findAgents(client, { namespace, node, signal });
  const agent = agents.seen ? agents.value.get(node) : undefined;
  if (agent !== undefined && 'pod' in agent) return agent.pod;
  const why = agents.seen ? (agent?.why ?? `no agent runs there (namespace ${namespace})`) : agents.why;
  throw new PortolanError('PTL_AGENT', `Cannot ask who held a port of node ${node}: ${why}, wanted its agent`, {
    hint: HINT,
  });
}

async function ask(
  client: ClusterClient,
  pod: AgentPod,
  { port, atMilliseconds, world, reach, signal }: PortHistoryOptions,
): Promise<PortHistory> {
  const query = new URLSearchParams({ port: String(port), at: new Date(atMilliseconds).toISOString() });
  const { timeoutSeconds } = reach;
  const question = { path: `/who?${query.toString()}`, signal, timeoutSeconds, mostBytes: MOST_ANSWER_BYTES };
  const read = parseWhoMessage(await new AgentClient(client, world.now).askText(pod, question));
  if (typeof read === 'string') throw agentError(pod, `its answer is none: ${read}`);
  return read;
}
