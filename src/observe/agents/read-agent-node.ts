// Reads one node through its agent, and joins it with what the API server says of it into facts.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { type AgentClient, agentError, endedEarly, tooLate } from '../../kube/agents/agent-client.ts';
import type { AgentPod } from '../../kube/agents/parse-agent-pod.ts';
import { addClusterClaims } from '../join-claims.ts';
import { gapInCluster } from '../remote/gap-in-cluster.ts';
import type { KnownOfNode } from '../remote/read-remote-node.ts';
import { readFactsAnswer } from './read-facts-answer.ts';

/** The agent counts over no longer time. */
export const MOST_WINDOW_SECONDS = 60;

export interface ReadAgentOptions {
  readonly known: KnownOfNode;
  /** How long counters and new flows are watched; undefined: since the agent's last look. */
  readonly windowSeconds: number | undefined;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
}

/** Errors: PTL_API_*; PTL_AGENT for an agent that is not reached, refuses, takes too long or answers anything but facts. */
export async function readAgentNode(
  agents: AgentClient,
  pod: AgentPod,
  { known, windowSeconds, signal, timeoutSeconds }: ReadAgentOptions,
): Promise<NodeFacts> {
  const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
  const path = windowSeconds === undefined ? '/facts' : `/facts?window=${windowSeconds}`;
  try {
    const answer = await agents.ask(pod, { path, signal: AbortSignal.any([signal, timeout]) });
    // Leaving the loop early destroys the answer, and with it the connection.
    const read = await readFactsAnswer(answer);
    if (typeof read === 'string') throw agentError(pod, `its answer is none: ${read}`);
    if (read.node !== pod.node) throw agentError(pod, 'it calls itself by another name than its node has');
    return joined(read, known);
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw tooLate(pod, timeoutSeconds);
    throw error instanceof PortolanError ? error : agentError(pod, endedEarly(error));
  }
}

/** What the API server says now is newer than what the agent heard of it. */
function joined(facts: NodeFacts, known: KnownOfNode): NodeFacts {
  const { pods, podNetworks, claims, gaps } = known;
  const ofAgent = pods === undefined ? facts.gaps : facts.gaps.filter(({ id }) => id !== 'pods' && id !== 'workloads');
  return {
    ...facts,
    claims: addClusterClaims(facts.claims, claims),
    ...(pods === undefined ? {} : { pods }),
    ...(podNetworks === undefined ? {} : { podNetworks }),
    readBy: 'agent',
    gaps: [...ofAgent, ...gaps].map(gapInCluster),
  };
}
