// Reads many nodes, a few at a time, and hands each one's facts on before the next is read: memory holds only those under way.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import {
  type NodeAccess,
  type NodeNotRead,
  readClusterNode,
  type ReadClusterNodeOptions,
} from './read-cluster-node.ts';

/** What a node came to. */
export type NodeOutcome<Value> = { readonly node: string; readonly read: true; readonly value: Value } | NodeNotRead;

export interface SurveyOptions<Value> extends ReadClusterNodeOptions {
  /** How many nodes are read at once. */
  readonly concurrency: number;
  /** Takes what matters out of the facts, which are dropped after it. */
  readonly visit: (facts: NodeFacts) => Value;
  readonly progress: (step: string, share: number) => void;
}

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
      const read = await readClusterNode(access, options);
      outcomes[index] = 'facts' in read ? { node: access.node, read: true, value: options.visit(read.facts) } : read;
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, nodes.length) }, worker));
  return outcomes;
}
