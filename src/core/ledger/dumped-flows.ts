// A dump in the words of the ledger: each of its flows with the rows that its port space and its source have there.
import { type FlowValues, newFlowValues } from '../model/flow-table-builder.ts';
import type { FlowTable } from '../model/flow-table.ts';
import { newPortSpaceKey } from '../model/port-space-table.ts';
import type { LedgerTables } from './ledger-tables.ts';

/** Shows all flows of a dump; addresses and port spaces that are new get rows. The values are overwritten by the next. */
export function showDumpedFlows(
  { dump, tables }: { readonly dump: FlowTable; readonly tables: LedgerTables },
  show: (space: number, flow: FlowValues) => void,
): void {
  const addresses = addressRows(dump, tables);
  const spaces = spaceRows(dump, { tables, addresses });
  const { flows } = dump;
  const flow = newFlowValues();
  for (let row = 0; row < dump.flowCount; row += 1) {
    flow.port = flows.port[row] ?? 0;
    flow.id = (flows.id[row] ?? 0) >>> 0;
    flow.timeoutSeconds = flows.timeoutSeconds[row] ?? 0;
    flow.tcpState = flows.tcpState[row] ?? 0;
    flow.status = flows.status[row] ?? 0;
    flow.source = addresses[flows.source[row] ?? 0] ?? 0;
    flow.sourcePort = flows.sourcePort[row] ?? 0;
    show(spaces[flows.portSpace[row] ?? 0] ?? 0, flow);
  }
}

function addressRows(dump: FlowTable, { addresses }: LedgerTables): Uint32Array {
  const words = new Int32Array(dump.addresses.buffer, dump.addresses.byteOffset, dump.addressCount * 4);
  return Uint32Array.from({ length: dump.addressCount }, (_, row) => addresses.rowOf(words, row * 4));
}

function spaceRows(
  { portSpaces, portSpaceCount }: FlowTable,
  { tables, addresses }: { readonly tables: LedgerTables; readonly addresses: Uint32Array },
): Uint32Array {
  const key = newPortSpaceKey();
  return Uint32Array.from({ length: portSpaceCount }, (_, row) => {
    key.zone = portSpaces.zone[row] ?? 0;
    key.protocol = portSpaces.protocol[row] ?? 0;
    key.snatAddress = addresses[portSpaces.snatAddress[row] ?? 0] ?? 0;
    key.remoteAddress = addresses[portSpaces.remoteAddress[row] ?? 0] ?? 0;
    key.remotePort = portSpaces.remotePort[row] ?? 0;
    return tables.spaces.rowOf(key, 0);
  });
}
