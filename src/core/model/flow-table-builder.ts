// Builds a FlowTable from one flow after another: 22 bytes a flow, no object per flow, no copy at the end.
// Columns are sized for the count the kernel states; pages that are never written are never resident, so slack is free.
import { AddressTable } from './address-table.ts';
import { type FlowColumns, FlowTable, type FlowTableData } from './flow-table.ts';
import { type PortSpaceKey, PortSpaceTable } from './port-space-table.ts';
import { ResendWindow } from './resend-window.ts';

/** What one flow adds besides its port space; a caller keeps one and overwrites it. Fields as in FlowColumns. */
export interface FlowValues {
  source: number;
  timeoutSeconds: number;
  id: number;
  port: number;
  sourcePort: number;
  tcpState: number;
  status: number;
}

/** Values to overwrite. */
export function newFlowValues(): FlowValues {
  return { source: 0, timeoutSeconds: 0, id: 0, port: 0, sourcePort: 0, tcpState: 0, status: 0 };
}

const SMALLEST_CAPACITY = 1024;

/** Collects flows; `build` hands the columns over. */
export class FlowTableBuilder {
  /** Where callers turn addresses into rows. */
  readonly addresses = new AddressTable();
  readonly #portSpaces = new PortSpaceTable();
  readonly #window = new ResendWindow();
  #columns: FlowColumns;
  #count = 0;
  #resent = 0;

  /** `expectedFlows`: how many entries the kernel says there are; an eighth more is made room for. */
  constructor(expectedFlows = 0) {
    this.#columns = allocate(Math.max(SMALLEST_CAPACITY, Math.ceil(expectedFlows * 1.125)));
  }

  /** Flows kept so far. */
  get count(): number {
    return this.#count;
  }

  /** Flows that were handed in twice and kept once. */
  get resent(): number {
    return this.#resent;
  }

  /** The columns, for those who write row `count` themselves and then `commit`; others after each commit. */
  get columns(): FlowColumns {
    return this.#columns;
  }

  /** The row of a port space, added when new; no flow is counted in it. */
  portSpaceRow(key: PortSpaceKey): number {
    return this.#portSpaces.rowOf(key, 0);
  }

  /** Adds one flow; a flow that is in the resend window already is not added again. */
  add(key: PortSpaceKey, flow: FlowValues): void {
    const row = this.#count;
    const columns = this.#columns;
    columns.portSpace[row] = this.portSpaceRow(key);
    columns.port[row] = flow.port;
    columns.id[row] = flow.id;
    columns.source[row] = flow.source;
    columns.timeoutSeconds[row] = flow.timeoutSeconds;
    columns.sourcePort[row] = flow.sourcePort;
    columns.tcpState[row] = flow.tcpState;
    columns.status[row] = flow.status;
    this.commit();
  }

  /** Keeps the flow whose columns were written at row `count`, unless it is in the resend window already. */
  commit(): void {
    const row = this.#count;
    const columns = this.#columns;
    if (this.#window.sawBefore(columns, row)) {
      this.#resent += 1;
      return;
    }
    this.#portSpaces.countFlow(columns.portSpace[row] ?? 0);
    this.#count = row + 1;
    if (this.#count === columns.port.length) this.#columns = grown(columns);
  }

  /** The table; the builder must not be used afterwards. */
  build(): FlowTable {
    return new FlowTable(this.buildData());
  }

  /** The plain columns, every buffer transferable; the builder must not be used afterwards. */
  buildData(): FlowTableData {
    return {
      flowCount: this.#count,
      flows: this.#columns,
      portSpaceCount: this.#portSpaces.count,
      portSpaces: this.#portSpaces.columns(),
      addressCount: this.addresses.count,
      addresses: this.addresses.bytes,
    };
  }
}

function allocate(rows: number): FlowColumns {
  return {
    portSpace: new Uint32Array(rows),
    source: new Uint32Array(rows),
    timeoutSeconds: new Uint32Array(rows),
    id: new Uint32Array(rows),
    port: new Uint16Array(rows),
    sourcePort: new Uint16Array(rows),
    tcpState: new Uint8Array(rows),
    status: new Uint8Array(rows),
  };
}

/** Half as much again: more entries came than the kernel had counted at the start. */
function grown(old: FlowColumns): FlowColumns {
  const columns = allocate(Math.ceil(old.port.length * 1.5));
  columns.portSpace.set(old.portSpace);
  columns.source.set(old.source);
  columns.timeoutSeconds.set(old.timeoutSeconds);
  columns.id.set(old.id);
  columns.port.set(old.port);
  columns.sourcePort.set(old.sourcePort);
  columns.tcpState.set(old.tcpState);
  columns.status.set(old.status);
  return columns;
}
