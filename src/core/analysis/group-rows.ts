// Which flow-table rows belong to which of the port spaces worth a closer look.
import type { FlowTable } from '../model/flow-table.ts';

/** Rows of each wanted port space, grouped in one pass over one column. */
export function groupRows(flows: FlowTable, spaces: readonly number[]): readonly Uint32Array[] {
  const slotOf = new Int32Array(flows.portSpaceCount).fill(-1);
  const groups = spaces.map((space, slot) => {
    slotOf[space] = slot;
    return new Uint32Array(flows.portSpaces.flows[space] ?? 0);
  });
  const filled = new Uint32Array(spaces.length);
  const column = flows.flows.portSpace;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const slot = slotOf[column[row] ?? 0] ?? -1;
    if (slot < 0) continue;
    const at = filled[slot] ?? 0;
    const group = groups[slot];
    if (group !== undefined && at < group.length) group[at] = row;
    filled[slot] = at + 1;
  }
  return groups.map((group, slot) => group.subarray(0, filled[slot] ?? 0));
}
