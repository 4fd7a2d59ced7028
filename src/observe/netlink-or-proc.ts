// The flows of a node by netlink, or from /proc where the kernel refuses netlink: that needs no capability.
import type { FlowTable } from '../core/model/flow-table.ts';
import type { Gap } from '../core/model/gap.ts';
import type { Reading } from '../core/model/reading.ts';
import { readProcFlows } from '../kernel/procfs/proc-flows.ts';
import type { NodeReadings } from './node-readings.ts';

export interface FlowsRead {
  readonly table: FlowTable;
  readonly source: NodeReadings['flowsSource'];
  readonly gaps: readonly Gap[];
}

/** What netlink read, unless it was refused and /proc is not. */
export function netlinkOrProc(netlink: Reading<FlowTable>, localAddresses: readonly string[]): FlowsRead {
  if (!isRefused(netlink)) return { table: netlink.value, source: 'ctnetlink', gaps: netlink.gaps };
  const proc = readProcFlows({ localAddresses });
  if (!isRefused(proc)) return { table: proc.value, source: 'proc', gaps: proc.gaps };
  return { table: netlink.value, source: undefined, gaps: [...proc.gaps, ...netlink.gaps] };
}

function isRefused(reading: Reading<FlowTable>): boolean {
  return reading.gaps.some((gap) => gap.id === 'flows' || gap.id === 'conntrack-absent');
}
