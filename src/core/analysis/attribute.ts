// Whose flows hold the ports of one port space: shares by source address.
import { INBOUND } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { SourceShare } from './diagnosis.ts';

/** More sources than this are not worth a line; their shares are the rest to 1. */
const MOST_SOURCES = 16;

/** The sources of the given rows, largest first; flows that the remote opened are not a source's. */
export function attribute(flows: FlowTable, rows: Uint32Array): readonly SourceShare[] {
  const counts = new Map<number, number>();
  const { source, status } = flows.flows;
  for (const row of rows) {
    if (((status[row] ?? 0) & INBOUND) !== 0) continue;
    const address = source[row] ?? 0;
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return [...counts]
    .map(([address, ports]) => ({ address: flows.address(address), ports, share: ports / rows.length }))
    .toSorted((left, right) => right.ports - left.ports || compareText(left.address, right.address))
    .slice(0, MOST_SOURCES);
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
