// The buffers of a flow table, so that a message moves them instead of copying.
import type { FlowTableData } from '../core/model/flow-table.ts';

/** Every distinct buffer of the table's columns. */
export function transferable(table: FlowTableData): ArrayBuffer[] {
  const arrays = [...Object.values(table.flows), ...Object.values(table.portSpaces), table.addresses];
  const buffers = new Set<ArrayBuffer>();
  for (const array of arrays) if (array.buffer instanceof ArrayBuffer) buffers.add(array.buffer);
  return [...buffers];
}
