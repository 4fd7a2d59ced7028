// Flows from all files that hold conntrack entries, into one table.
import { FlowTableBuilder } from '../../core/model/flow-table-builder.ts';
import type { FlowTable } from '../../core/model/flow-table.ts';
import type { Gap } from '../../core/model/gap.ts';
import { PortHolders } from '../../core/model/port-holders.ts';
import { LineSplitter } from '../../kernel/procfs/proc-flows.ts';
import { FLOW_DETAILS, NO_FLOWS, unreadLines } from './dump-gaps.ts';
import type { DumpInput } from './dump-input.ts';

export interface FilesFlows {
  readonly table: FlowTable;
  /** Canonical text of the addresses that flows are translated to. */
  readonly snatAddresses: readonly string[];
  readonly gaps: readonly Gap[];
}

/** The node's own addresses are not known: those that flows are translated to stand for them. */
export function readFlowFiles(inputs: readonly DumpInput[]): FilesFlows {
  const builder = new FlowTableBuilder(0);
  const holders = new PortHolders(builder, { localAddresses: [] });
  const gaps = inputs.flatMap((input) => readInto(holders, input));
  if (holders.needsSecondPass) {
    holders.beginSecondPass();
    for (const input of inputs) readInto(holders, input);
  }
  const table = builder.build();
  const missing = inputs.length === 0 ? [NO_FLOWS] : [FLOW_DETAILS];
  return { table, snatAddresses: snatAddressesOf(table), gaps: [...missing, ...gaps] };
}

function readInto(holders: PortHolders, { name, kinds, source }: DumpInput): Gap[] {
  source.rewind();
  const unread = new LineSplitter(holders).readAll((into, offset) => source.read(into, offset));
  // Where texts of several kinds follow each other, the lines of the others are no loss.
  return unread > 0 && kinds.length === 1 ? [unreadLines(name, `${unread} lines not understood`)] : [];
}

function snatAddressesOf(table: FlowTable): readonly string[] {
  const rows = new Set(table.portSpaces.snatAddress.subarray(0, table.portSpaceCount));
  return [...rows].map((row) => table.address(row));
}
