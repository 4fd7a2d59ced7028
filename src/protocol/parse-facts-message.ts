// Reads a facts message, whoever wrote it; what does not fit together is no message. Rows that point nowhere would be read as 0
// by every reader.
import { FlowTable, type FlowTableData, allocateFlowTable } from '../core/model/flow-table.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../core/model/node-facts.ts';
import { type PlainNodeFacts, plainNodeFacts } from './bundle/node-facts-readers.ts';
import { FACTS_MESSAGE_SCHEMA, FLOW_COLUMNS, type FactsHead, PORT_SPACE_COLUMNS } from './facts-message.ts';
import { isObject } from './parse-shape.ts';

/** More flows than a conntrack table holds. */
const MOST_ROWS = 16_000_000;

/** What its first line says, and how many bytes of columns belong to it. */
export interface ReadHead {
  readonly facts: PlainNodeFacts;
  readonly columnBytes: number;
  readonly counts: Pick<FactsHead, 'flowCount' | 'portSpaceCount' | 'addressCount'>;
}

/** The facts; a sentence that says what is wrong when they are none. `columns` is all that follows the JSON line. */
export function parseFactsMessage(line: string, columns: Uint8Array): NodeFacts | string {
  const head = parseFactsHead(line);
  return typeof head === 'string' ? head : joinColumns(head, columns);
}

/** The JSON line alone; a sentence that says what is wrong with it. */
export function parseFactsHead(line: string): ReadHead | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'its first line is not JSON';
  }
  if (!isObject(value) || !('schema' in value)) return 'it names no schema';
  if (value['schema'] !== FACTS_MESSAGE_SCHEMA)
    return `its schema is ${wordOf(value['schema'])}, wanted ${FACTS_MESSAGE_SCHEMA}`;
  const told = isObject(value['facts']) ? value['facts'] : {};
  if (told['schema'] !== NODE_FACTS_SCHEMA) return `its facts are of another schema, wanted ${NODE_FACTS_SCHEMA}`;
  const counts = countsOf(value);
  if (counts === undefined) return 'its counts are no counts';
  const problems: string[] = [];
  const facts = plainNodeFacts.read(told, { path: 'facts', problems });
  return problems[0] ?? { facts, counts, columnBytes: sizeOf(counts) };
}

/** The facts of a head whose columns have come; a sentence when they are none. */
export function joinColumns({ facts, counts, columnBytes }: ReadHead, columns: Uint8Array): NodeFacts | string {
  if (columns.length !== columnBytes) return `${columns.length} bytes of columns follow, wanted ${columnBytes}`;
  const table = allocateFlowTable(counts.flowCount, counts.portSpaceCount, counts.addressCount);
  fill(table, columns);
  return rowsFit(table)
    ? { ...facts, flows: new FlowTable(table) }
    : 'a flow belongs to a port space or an address that is not there';
}

function countsOf({
  flowCount,
  portSpaceCount,
  addressCount,
}: Readonly<Record<string, unknown>>): ReadHead['counts'] | undefined {
  if (!isCount(flowCount) || !isCount(portSpaceCount) || !isCount(addressCount)) return undefined;
  return { flowCount, portSpaceCount, addressCount };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_ROWS;
}

/** Of another version; not more of it than a name has, and nothing that drives a terminal. */
function wordOf(schema: unknown): string {
  return String(schema)
    .slice(0, 60)
    .replaceAll(/[^\x20-\x7e]/g, '?');
}

function columnsOf(table: FlowTableData) {
  return [
    ...FLOW_COLUMNS.map((name) => table.flows[name]),
    ...PORT_SPACE_COLUMNS.map((name) => table.portSpaces[name]),
    table.addresses,
  ];
}

/** By the columns of a table with one row of each: nothing is allocated for what has not come yet. */
function sizeOf({ flowCount, portSpaceCount, addressCount }: ReadHead['counts']): number {
  const one = allocateFlowTable(1, 1, 1);
  const bytes = (columns: readonly { readonly BYTES_PER_ELEMENT: number }[]): number =>
    columns.reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0);
  return (
    flowCount * bytes(FLOW_COLUMNS.map((name) => one.flows[name])) +
    portSpaceCount * bytes(PORT_SPACE_COLUMNS.map((name) => one.portSpaces[name])) +
    addressCount * one.addresses.byteLength
  );
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
