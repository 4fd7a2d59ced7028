// Reads many nodes, a few at a time, and hands each one's facts on before the next is read: memory holds only those under way.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { NodeShell } from '../../kube/exec/node-shell.ts';
import { type ReadRemoteOptions, readRemoteNode } from './read-remote-node.ts';

/** A node and the way to it, or why there is none. */
export type NodeAccess =
  | { readonly node: string; readonly shell: NodeShell }
  | { readonly node: string; readonly why: string; readonly remedy?: string };

/** What a node came to. */
export type NodeOutcome<Value> =
  | { readonly node: string; readonly read: true; readonly value: Value }
  | { readonly node: string; readonly read: false; readonly why: string; readonly remedy?: string };

export interface SurveyOptions<Value> extends Omit<ReadRemoteOptions, 'known' | 'progress'> {
  readonly knownOf: (node: string) => ReadRemoteOptions['known'];
  /** How many nodes are read at once. */
  readonly concurrency: number;
  /** Takes what matters out of the facts, which are dropped after it. */
  readonly visit: (facts: NodeFacts) => Value;
  readonly progress: (step: string, share: number) => void;
}

/** What stops the whole survey: an API server that is gone, or takes the credentials no longer, is so for every node. */
const STOPS: ReadonlySet<string> = new Set(['PTL_API_CREDENTIALS', 'PTL_API_UNAUTHORISED']);

/** Outcomes in the order of the nodes. A node that cannot be read does not keep the others from it. Errors: PTL_API_CREDENTIALS, PTL_API_UNAUTHORISED. */
export async function surveyNodes<Value>(
  nodes: readonly NodeAccess[],
  options: SurveyOptions<Value>,
): Promise<readonly NodeOutcome<Value>[]> {
  const outcomes: NodeOutcome<Value>[] = [];
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < nodes.length; index = next++) {
      const access = nodes[index];
      if (access === undefined) return;
      options.progress(`reading nodes, ${done} of ${nodes.length}: ${access.node}`, done / nodes.length);
      outcomes[index] = await outcomeOf(access, options);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, nodes.length) }, worker));
  return outcomes;
}

async function outcomeOf<Value>(access: NodeAccess, options: SurveyOptions<Value>): Promise<NodeOutcome<Value>> {
  const { node } = access;
  if (!('shell' in access)) return { ...access, read: false };
  const { progress: _, visit, knownOf, ...rest } = options;
  let facts: NodeFacts;
  try {
    facts = await readRemoteNode(access.shell, { ...rest, known: knownOf(node) });
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof PortolanError) || STOPS.has(error.code)) throw error;
    return { node, read: false, why: whyNotRead(error), ...(error.hint === undefined ? {} : { remedy: error.hint }) };
  }
  return { node, read: true, value: visit(facts) };
}

/** "Cannot run grep on node x: the kubelet ..., wanted ...": the reason alone, since the node is named beside it. */
function whyNotRead({ code, message }: PortolanError): string {
  if (code === 'PTL_API_FORBIDDEN') return 'exec forbidden';
  const reason = /^Cannot [^:]*: (.*), wanted [^,]*$/s.exec(message)?.[1];
  return (reason ?? message).replaceAll('\n', ' ');
}
