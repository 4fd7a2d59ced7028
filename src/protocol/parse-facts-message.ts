// Reads a facts message; what does not fit together is no message. Rows that point nowhere would be read as 0 by every reader.
import { FlowTable, type FlowTableData, allocateFlowTable } from '../core/model/flow-table.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../core/model/node-facts.ts';
import { FACTS_MESSAGE_SCHEMA, FLOW_COLUMNS, type FactsHead, PORT_SPACE_COLUMNS } from './facts-message.ts';

/** More flows than a conntrack table holds. */
const MOST_ROWS = 16_000_000;

/** The facts; a sentence that says what is wrong when they are none. `columns` is all that follows the JSON line. */
export function parseFactsMessage(line: string, columns: Uint8Array): NodeFacts | string {
  const head = parseHead(line);
  if (typeof head === 'string') return head;
  const { flowCount, portSpaceCount, addressCount } = head;
  if (
    [flowCount, portSpaceCount, addressCount].some(
      (count) => !Number.isInteger(count) || count < 0 || count > MOST_ROWS,
    )
  )
    return 'its counts are no counts';
  const table = allocateFlowTable(flowCount, portSpaceCount, addressCount);
  const wanted = sizeOf(table);
  if (columns.length !== wanted) return `${columns.length} bytes of columns follow, wanted ${wanted}`;
  fill(table, columns);
  return rowsFit(table)
    ? { ...head.facts, flows: new FlowTable(table) }
    : 'a flow belongs to a port space or an address that is not there';
}

function parseHead(line: string): FactsHead | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'its first line is not JSON';
  }
  if (typeof value !== 'object' || value === null || !('schema' in value)) return 'it names no schema';
  if (value.schema !== FACTS_MESSAGE_SCHEMA)
    return `its schema is ${String(value.schema)}, wanted ${FACTS_MESSAGE_SCHEMA}`;
  const { facts } = value as Partial<FactsHead>;
  if (facts?.schema !== NODE_FACTS_SCHEMA) return `its facts are of another schema, wanted ${NODE_FACTS_SCHEMA}`;
  return value as FactsHead;
}

function columnsOf(table: FlowTableData) {
  return [
    ...FLOW_COLUMNS.map((name) => table.flows[name]),
    ...PORT_SPACE_COLUMNS.map((name) => table.portSpaces[name]),
    table.addresses,
  ];
}

function sizeOf(table: FlowTableData): number {
  return columnsOf(table).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function fill(table: FlowTableData, bytes: Uint8Array): void {
  let at = 0;
  for (const column of columnsOf(table)) {
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength).set(bytes.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
}

function rowsFit({ flows, portSpaces, portSpaceCount, addressCount }: FlowTableData): boolean {
  return (
    flows.portSpace.every((row) => row < portSpaceCount) &&
    flows.source.every((row) => row < addressCount) &&
    portSpaces.snatAddress.every((row) => row < addressCount) &&
    portSpaces.remoteAddress.every((row) => row < addressCount)
  );
}
