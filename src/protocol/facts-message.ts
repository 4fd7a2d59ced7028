// The facts of a node as the agent hands them out: one line of JSON, then the flow columns as they lie in memory, little endian.
import type { FlowColumns, FlowTableData, PortSpaceColumns } from '../core/model/flow-table.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';

export const FACTS_MESSAGE_SCHEMA = 'portolan.dev/facts-message/v1';
export const FACTS_MESSAGE_TYPE = 'application/vnd.portolan.facts.v1';

/** The JSON line. */
export interface FactsHead {
  readonly schema: typeof FACTS_MESSAGE_SCHEMA;
  readonly facts: Omit<NodeFacts, 'flows'>;
  readonly flowCount: number;
  readonly portSpaceCount: number;
  readonly addressCount: number;
}

/** Columns in the order they are written, each `count` elements long; addresses of 16 bytes each come last. */
export const FLOW_COLUMNS: readonly (keyof FlowColumns)[] = [
  'portSpace',
  'source',
  'timeoutSeconds',
  'id',
  'port',
  'sourcePort',
  'tcpState',
  'status',
];
export const PORT_SPACE_COLUMNS: readonly (keyof PortSpaceColumns)[] = [
  'snatAddress',
  'remoteAddress',
  'flows',
  'zone',
  'remotePort',
  'protocol',
];

export interface FactsMessage {
  readonly head: FactsHead;
  /** In turn, to be written as they are. */
  readonly columns: readonly Uint8Array[];
}

/** Nothing is copied. */
export function factsMessage(facts: NodeFacts): FactsMessage {
  const { flows, ...rest } = facts;
  const { flowCount, portSpaceCount, addressCount } = flows;
  return {
    head: { schema: FACTS_MESSAGE_SCHEMA, facts: rest, flowCount, portSpaceCount, addressCount },
    columns: columnBytes(flows),
  };
}

function columnBytes(table: FlowTableData): readonly Uint8Array[] {
  return [
    ...FLOW_COLUMNS.map((name) => bytesOf(table.flows[name].subarray(0, table.flowCount))),
    ...PORT_SPACE_COLUMNS.map((name) => bytesOf(table.portSpaces[name].subarray(0, table.portSpaceCount))),
    table.addresses.subarray(0, table.addressCount * 16),
  ];
}

function bytesOf(column: FlowColumns[keyof FlowColumns]): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
