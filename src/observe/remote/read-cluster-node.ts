// One node of a cluster by whichever way there is: its agent where that can be asked, else commands in a pod there. Why it was not
// the agent is a gap; a node that cannot be read at all is an answer too.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { AgentClient } from '../../kube/agents/agent-client.ts';
import type { NodeAgent } from '../../kube/agents/parse-agent-pod.ts';
import type { NodeShell } from '../../kube/exec/node-shell.ts';
import { MOST_WINDOW_SECONDS, readAgentNode } from '../agents/read-agent-node.ts';
import { type ReadRemoteOptions, readRemoteNode } from './read-remote-node.ts';
import { notByAgent } from './remote-gaps.ts';

/** A node and the ways to it, or why there is none. */
export type NodeAccess = {
  readonly node: string;
  /** Asked first; absent where no agent is to be expected. */
  readonly agent?: NodeAgent;
} & ({ readonly shell: NodeShell } | { readonly why: string; readonly remedy?: string });

export interface ReadClusterNodeOptions extends Omit<ReadRemoteOptions, 'known' | 'progress'> {
  readonly knownOf: (node: string) => ReadRemoteOptions['known'];
  /** Undefined: agents are not asked. */
  readonly agents: AgentClient | undefined;
}

export interface NodeNotRead {
  readonly node: string;
  readonly read: false;
  /** In a person's words. */
  readonly why: string;
  readonly remedy?: string;
  /** What kept exec from it; absent where there was no way to try. */
  readonly cause?: PortolanError;
}

/** What stops all reading: an API server that is gone, or takes the credentials no longer, is so for every node. */
const STOPS: ReadonlySet<string> = new Set(['PTL_API_CREDENTIALS', 'PTL_API_UNAUTHORISED']);
/** What is asked of the agent leaves time for another way, where there is one; but its window has to fit. */
const AGENT_SHARE = 0.5;
const SHARE_AFTER_WINDOW = 0.25;

/** Errors: PTL_API_CREDENTIALS, PTL_API_UNAUTHORISED; rejects with the signal's reason. */
export async function readClusterNode(
  access: NodeAccess,
  options: ReadClusterNodeOptions,
): Promise<{ readonly facts: NodeFacts } | NodeNotRead> {
  const start = options.now();
  const asked = await askAgent(access, options);
  if ('facts' in asked) return asked;
  const timeoutSeconds = options.timeoutSeconds - (options.now() - start) / 1000;
  return readByExec(access, { options: { ...options, timeoutSeconds }, whyNotAgent: asked.whyNot });
}

async function askAgent(
  access: NodeAccess,
  options: ReadClusterNodeOptions,
): Promise<{ readonly facts: NodeFacts } | { readonly whyNot: string | undefined }> {
  const { agent, node } = access;
  const { agents, windowSeconds, signal, knownOf } = options;
  if (agent === undefined || agents === undefined) return { whyNot: undefined };
  if ('why' in agent) return { whyNot: agent.why };
  if (windowSeconds > MOST_WINDOW_SECONDS)
    return { whyNot: `its agent counts over ${MOST_WINDOW_SECONDS} s at most, ${windowSeconds} s were asked for` };
  const timeoutSeconds = 'shell' in access ? agentSeconds(options) : options.timeoutSeconds;
  const wish = { known: knownOf(node), windowSeconds, signal, timeoutSeconds };
  try {
    return { facts: await readAgentNode(agents, agent.pod, wish) };
  } catch (error) {
    return { whyNot: whyNotAsked(refusalIn(error, signal)) };
  }
}

function agentSeconds({ timeoutSeconds, windowSeconds }: ReadClusterNodeOptions): number {
  const needed = windowSeconds + timeoutSeconds * SHARE_AFTER_WINDOW;
  return Math.min(timeoutSeconds, Math.max(timeoutSeconds * AGENT_SHARE, needed));
}

async function readByExec(
  access: NodeAccess,
  { options, whyNotAgent }: { readonly options: ReadClusterNodeOptions; readonly whyNotAgent: string | undefined },
): Promise<{ readonly facts: NodeFacts } | NodeNotRead> {
  const { node } = access;
  const notRead = (why: string, remedy: string | undefined): NodeNotRead => ({
    node,
    read: false,
    why: [whyNotAgent ?? '', why].filter((text) => text !== '').join('; '),
    ...(remedy === undefined ? {} : { remedy }),
  });
  if (!('shell' in access)) return notRead(access.why, access.remedy);
  const { knownOf, windowSeconds, snatOnly, signal, timeoutSeconds, now, wallClock, sleep } = options;
  const known = knownOf(node);
  const gaps = whyNotAgent === undefined ? known.gaps : [...known.gaps, notByAgent(whyNotAgent)];
  const wish = { windowSeconds, snatOnly, signal, timeoutSeconds, now, wallClock, sleep, known: { ...known, gaps } };
  try {
    return { facts: await readRemoteNode(access.shell, wish) };
  } catch (error) {
    const refusal = refusalIn(error, signal);
    return { ...notRead(whyNotRead(refusal), refusal.hint), cause: refusal };
  }
}

/** Errors: what is no refusal of this one node. */
function refusalIn(error: unknown, signal: AbortSignal): PortolanError {
  signal.throwIfAborted();
  if (!(error instanceof PortolanError) || STOPS.has(error.code)) throw error;
  return error;
}

/** "Cannot ask the agent of node x: it answers 503 (...), wanted an answer": the reason alone. */
function whyNotAsked(error: PortolanError): string {
  const forbidden = /^Cannot ([^:]*): forbidden/.exec(error.message)?.[1];
  return error.code === 'PTL_API_FORBIDDEN' && forbidden !== undefined
    ? `its agent may not be asked: no right to ${forbidden}`
    : `its agent cannot be asked: ${reasonOf(error)}`;
}

/** "Cannot run grep on node x: the kubelet ..., wanted ...": the reason alone, since the node is named beside it. */
function whyNotRead(error: PortolanError): string {
  return error.code === 'PTL_API_FORBIDDEN' ? 'exec forbidden' : reasonOf(error);
}

function reasonOf({ message }: PortolanError): string {
  const reason = /^Cannot [^:]*: (.*), wanted [^,]*$/s.exec(message)?.[1];
  return (reason ?? message).replaceAll('\n', ' ');
}
