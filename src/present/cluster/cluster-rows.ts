// Which nodes get a row: all that complain, then the fullest of the others; nodes that say the very same share one.
import { type NodeAnswer, severityOf } from '../../core/analysis/cluster-diagnosis.ts';

export interface ClusterRow {
  readonly answer: NodeAnswer;
  /** Further nodes with the same answer. */
  readonly also: readonly NodeAnswer[];
}

export interface ClusterRows {
  readonly shown: readonly ClusterRow[];
  /** Worst first. */
  readonly cut: readonly NodeAnswer[];
}

/** Nodes that were not read for one reason are one row: forbidden is forbidden everywhere. */
export function chooseClusterRows(nodes: readonly NodeAnswer[], top: number): ClusterRows {
  const rows: { readonly answer: NodeAnswer; readonly also: NodeAnswer[] }[] = [];
  const byReason = new Map<string, NodeAnswer[]>();
  for (const answer of nodes) {
    const reason = 'why' in answer ? reasonOf(answer) : undefined;
    const known = reason === undefined ? undefined : byReason.get(reason);
    if (known !== undefined) {
      known.push(answer);
      continue;
    }
    const row = { answer, also: [] };
    rows.push(row);
    if (reason !== undefined) byReason.set(reason, row.also);
  }
  return { shown: rows.slice(0, top), cut: rows.slice(top).flatMap(({ answer, also }) => [answer, ...also]) };
}

/** Without the node's own name, which stands in many a message. */
function reasonOf({ why, node }: NodeAnswer & { readonly why: string }): string {
  return why.replaceAll(node, 'NODE');
}

/** Nodes without a complaint among some. */
export function areFine(nodes: readonly NodeAnswer[]): boolean {
  return nodes.every((answer) => ['ok', 'info'].includes(severityOf(answer)));
}
