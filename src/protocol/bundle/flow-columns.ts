// A flow table as bytes: every column cut into its bytes, all lowest bytes first, so that what a column repeats lies together
// and gzip finds it. Rows keep their order: an analysis that samples them finds the same ones.
import { FlowTable, allocateFlowTable, type FlowTableData } from '../../core/model/flow-table.ts';
import { PortSpaceTable, newPortSpaceKey } from '../../core/model/port-space-table.ts';

/** `PTLFLOW1`. */
const MAGIC = Uint8Array.of(0x50, 0x54, 0x4c, 0x46, 0x4c, 0x4f, 0x57, 0x31);
const HEADER_BYTES = MAGIC.length + 3 * 4;
const ADDRESS_BYTES = 16;
const PORT_SPACE_BYTES = 13;
const FLOW_BYTES = 22;

type Column = Uint8Array | Uint16Array | Uint32Array;

interface ColumnRows {
  readonly column: Column;
  readonly rows: number;
}

/** The bytes of a table. Its counts of flows per port space are not written: they follow from the flows. */
export function encodeFlowColumns(table: FlowTable): Uint8Array {
  const bytes = new Uint8Array(sizeOf(table));
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  [table.flowCount, table.portSpaceCount, table.addressCount].forEach((count, index) =>
    view.setUint32(MAGIC.length + index * 4, count, true),
  );
  let at = HEADER_BYTES;
  for (let byte = 0; byte < ADDRESS_BYTES; byte += 1)
    for (let row = 0; row < table.addressCount; row += 1)
      bytes[at++] = table.addresses[row * ADDRESS_BYTES + byte] ?? 0;
  for (const { column, rows } of columnsOf(table))
    for (let shift = 0; shift < column.BYTES_PER_ELEMENT * 8; shift += 8)
      for (let row = 0; row < rows; row += 1) bytes[at++] = (column[row] ?? 0) >>> shift;
  return bytes;
}

/** The table, or what is wrong with the bytes as the end of "Cannot read x:". */
export function decodeFlowColumns(bytes: Uint8Array): FlowTable | { readonly refused: string } {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, at) => bytes[at] !== byte))
    return { refused: 'no flow columns of this version' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [flowCount, portSpaceCount, addressCount] = [0, 4, 8].map((at) => view.getUint32(MAGIC.length + at, true));
  const counts = { flowCount: flowCount ?? 0, portSpaceCount: portSpaceCount ?? 0, addressCount: addressCount ?? 0 };
  // Before anything is allocated: the counts are whatever somebody wrote.
  if (sizeOf(counts) !== bytes.length)
    return { refused: `${bytes.length} bytes where its counts ask for ${sizeOf(counts)}` };
  const table = allocateFlowTable(counts.flowCount, counts.portSpaceCount, counts.addressCount);
  fill(table, bytes);
  const wrong = problemOf(table);
  return wrong === undefined ? new FlowTable(table) : { refused: wrong };
}

function sizeOf({ flowCount, portSpaceCount, addressCount }: Counts): number {
  return HEADER_BYTES + ADDRESS_BYTES * addressCount + PORT_SPACE_BYTES * portSpaceCount + FLOW_BYTES * flowCount;
}

type Counts = Pick<FlowTableData, 'flowCount' | 'portSpaceCount' | 'addressCount'>;

function fill(table: FlowTableData, bytes: Uint8Array): void {
  let at = HEADER_BYTES;
  for (let byte = 0; byte < ADDRESS_BYTES; byte += 1)
    for (let row = 0; row < table.addressCount; row += 1)
      table.addresses[row * ADDRESS_BYTES + byte] = bytes[at++] ?? 0;
  for (const { column, rows } of columnsOf(table))
    for (let shift = 0; shift < column.BYTES_PER_ELEMENT * 8; shift += 8)
      for (let row = 0; row < rows; row += 1) column[row] = (column[row] ?? 0) | ((bytes[at++] ?? 0) << shift);
}

/** In the order they are written in; what it is never changes within a version. */
function columnsOf({ flows, flowCount, portSpaces, portSpaceCount }: FlowTableData): readonly ColumnRows[] {
  const { zone, protocol, snatAddress, remoteAddress, remotePort } = portSpaces;
  const { portSpace, source, timeoutSeconds, id, port, sourcePort, tcpState, status } = flows;
  return [
    ...[zone, protocol, snatAddress, remoteAddress, remotePort].map((column) => ({ column, rows: portSpaceCount })),
    ...[portSpace, source, timeoutSeconds, id, port, sourcePort, tcpState, status].map((column) => ({
      column,
      rows: flowCount,
    })),
  ];
}

/** Counts the flows of each port space on the way. */
function problemOf({ flows, flowCount, portSpaces, portSpaceCount, addressCount }: FlowTableData): string | undefined {
  for (let row = 0; row < portSpaceCount; row += 1)
    if ((portSpaces.snatAddress[row] ?? 0) >= addressCount || (portSpaces.remoteAddress[row] ?? 0) >= addressCount)
      return `port space ${row} has an address that is not there`;
  for (let row = 0; row < flowCount; row += 1) {
    const space = flows.portSpace[row] ?? 0;
    if (space >= portSpaceCount) return `flow ${row} is in a port space that is not there`;
    if ((flows.source[row] ?? 0) >= addressCount) return `flow ${row} has a source that is not there`;
    portSpaces.flows[space] = (portSpaces.flows[space] ?? 0) + 1;
  }
  return hasEqualSpaces(portSpaces, portSpaceCount) ? 'two port spaces are the same' : undefined;
}

function hasEqualSpaces(columns: FlowTableData['portSpaces'], count: number): boolean {
  const spaces = new PortSpaceTable();
  const key = newPortSpaceKey();
  for (let row = 0; row < count; row += 1) {
    key.zone = columns.zone[row] ?? 0;
    key.protocol = columns.protocol[row] ?? 0;
    key.snatAddress = columns.snatAddress[row] ?? 0;
    key.remoteAddress = columns.remoteAddress[row] ?? 0;
    key.remotePort = columns.remotePort[row] ?? 0;
    if (spaces.rowOf(key, 0) !== row) return true;
  }
  return false;
}
