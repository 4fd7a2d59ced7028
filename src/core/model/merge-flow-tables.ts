// Joins the two halves of a snapshot that two workers read with disjoint filters (SNATed, not SNATed) into one table.
import { AddressTable } from './address-table.ts';
import { FlowTable, allocateFlowTable } from './flow-table.ts';
import { PortSpaceTable, newPortSpaceKey } from './port-space-table.ts';

/** One table with the flows of both, the left's first and in its own rows; no flow may be in both. */
export function mergeFlowTables(left: FlowTable, right: FlowTable): FlowTable {
  const addresses = new AddressTable();
  const leftAddresses = rowsOfAddresses(addresses, left);
  const rightAddresses = rowsOfAddresses(addresses, right);
  const spaces = new PortSpaceTable();
  const leftSpaces = rowsOfPortSpaces(spaces, left, leftAddresses);
  const rightSpaces = rowsOfPortSpaces(spaces, right, rightAddresses);
  const merged = new FlowTable({
    ...allocateFlowTable(left.flowCount + right.flowCount, 0, 0),
    portSpaceCount: spaces.count,
    portSpaces: spaces.columns(),
    addressCount: addresses.count,
    addresses: addresses.bytes,
  });
  copyFlows(merged, left, { at: 0, spaces: leftSpaces, addresses: leftAddresses });
  copyFlows(merged, right, { at: left.flowCount, spaces: rightSpaces, addresses: rightAddresses });
  return merged;
}

/** The merged row of each address row. */
function rowsOfAddresses(addresses: AddressTable, table: FlowTable): Uint32Array {
  const bytes = table.addresses.slice(0, table.addressCount * 16);
  const words = new Int32Array(bytes.buffer);
  return Uint32Array.from({ length: table.addressCount }, (_, row) => addresses.rowOf(words, row * 4));
}

/** The merged row of each port-space row. */
function rowsOfPortSpaces(spaces: PortSpaceTable, table: FlowTable, addresses: Uint32Array): Uint32Array {
  const columns = table.portSpaces;
  const key = newPortSpaceKey();
  return Uint32Array.from({ length: table.portSpaceCount }, (_, row) => {
    key.zone = columns.zone[row] ?? 0;
    key.protocol = columns.protocol[row] ?? 0;
    key.snatAddress = addresses[columns.snatAddress[row] ?? 0] ?? 0;
    key.remoteAddress = addresses[columns.remoteAddress[row] ?? 0] ?? 0;
    key.remotePort = columns.remotePort[row] ?? 0;
    return spaces.rowOf(key, columns.flows[row]);
  });
}

interface Mapping {
  readonly at: number;
  readonly spaces: Uint32Array;
  readonly addresses: Uint32Array;
}

/** Capacity may exceed the count, so each column is cut to it. */
function copyFlows(into: FlowTable, from: FlowTable, { at, spaces, addresses }: Mapping): void {
  const count = from.flowCount;
  const { flows } = from;
  into.flows.timeoutSeconds.set(flows.timeoutSeconds.subarray(0, count), at);
  into.flows.id.set(flows.id.subarray(0, count), at);
  into.flows.port.set(flows.port.subarray(0, count), at);
  into.flows.sourcePort.set(flows.sourcePort.subarray(0, count), at);
  into.flows.tcpState.set(flows.tcpState.subarray(0, count), at);
  into.flows.status.set(flows.status.subarray(0, count), at);
  for (let row = 0; row < count; row += 1) {
    into.flows.portSpace[at + row] = spaces[flows.portSpace[row] ?? 0] ?? 0;
    into.flows.source[at + row] = addresses[flows.source[row] ?? 0] ?? 0;
  }
}
