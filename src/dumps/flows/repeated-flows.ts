// Takes flows out of a table that stand in it twice: the text was two tables in one, such as `conntrack -L` and /proc of one node.
// A port of one port space is held by one entry only, since the kernel confirms no tuple twice (__nf_conntrack_confirm).
import { FlowTable, type FlowTableData } from '../../core/model/flow-table.ts';
import { finishHash, mixHash } from '../../core/model/integer-hash.ts';
import { ICMP, ICMPV6 } from '../../core/model/protocol.ts';

/** The table with the first of each; the columns given must not be used afterwards. */
export function withoutRepeats(table: FlowTableData): { readonly table: FlowTable; readonly repeated: number } {
  const { flows, flowCount, portSpaces } = table;
  const slots = new Uint32Array(slotsFor(flowCount));
  let kept = 0;
  for (let row = 0; row < flowCount; row += 1) {
    const space = flows.portSpace[row] ?? 0;
    if (isRepeat(table, slots, { row, kept })) portSpaces.flows[space] = (portSpaces.flows[space] ?? 0) - 1;
    else {
      if (kept !== row) for (const column of Object.values(flows)) column[kept] = column[row];
      kept += 1;
    }
  }
  return {
    table: new FlowTable({ ...table, flowCount: kept }),
    repeated: flowCount - kept,
  };
}

/** Whether a kept row has the same port; marks the place of this one if not. */
function isRepeat(
  { flows, portSpaces }: FlowTableData,
  slots: Uint32Array,
  { row, kept }: { readonly row: number; readonly kept: number },
): boolean {
  const space = flows.portSpace[row] ?? 0;
  const port = flows.port[row] ?? 0;
  const protocol = portSpaces.protocol[space];
  // Their tuples have a type besides, which the columns lack.
  if (protocol === ICMP || protocol === ICMPV6) return false;
  const mask = slots.length - 1;
  for (let slot = finishHash(mixHash(space, port)) & mask; ; slot = (slot + 1) & mask) {
    const seen = (slots[slot] ?? 0) - 1;
    if (seen < 0) {
      slots[slot] = kept + 1;
      return false;
    }
    if (flows.port[seen] === port && flows.portSpace[seen] === space) return true;
  }
}

/** At least half as many again as there are flows, a power of two. */
function slotsFor(flowCount: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, flowCount * 1.5)));
}
