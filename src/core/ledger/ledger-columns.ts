// The columns of the ledger: what a FlowTable keeps of each flow, and when it was first and last known. 31 bytes a flow.
import type { FlowColumns } from '../model/flow-table.ts';

/** portSpace of a row that holds no flow. */
export const FREE = 0xffffffff;

/** One value per row; `portSpace` is FREE where there is none. `timeoutSeconds` holds the second in which the entry expires. */
export interface LedgerColumns extends FlowColumns {
  /** Second in which the flow began, or was first seen. */
  readonly since: Uint32Array<ArrayBuffer>;
  /** Number of the resync that saw the flow last, or that was the latest when it began. */
  readonly round: Uint16Array<ArrayBuffer>;
  /** 1 when its beginning was heard: its end will be too. */
  readonly heard: Uint8Array<ArrayBuffer>;
}

/** Room for so many rows, all free. */
export function allocateColumns(rows: number): LedgerColumns {
  return {
    portSpace: new Uint32Array(rows).fill(FREE),
    source: new Uint32Array(rows),
    timeoutSeconds: new Uint32Array(rows),
    id: new Uint32Array(rows),
    port: new Uint16Array(rows),
    sourcePort: new Uint16Array(rows),
    tcpState: new Uint8Array(rows),
    status: new Uint8Array(rows),
    since: new Uint32Array(rows),
    round: new Uint16Array(rows),
    heard: new Uint8Array(rows),
  };
}

/** Copies `count` rows into larger columns; the rest is free. */
export function grownColumns(old: LedgerColumns, rows: number): LedgerColumns {
  const columns = allocateColumns(rows);
  columns.portSpace.set(old.portSpace);
  columns.source.set(old.source);
  columns.timeoutSeconds.set(old.timeoutSeconds);
  columns.id.set(old.id);
  columns.port.set(old.port);
  columns.sourcePort.set(old.sourcePort);
  columns.tcpState.set(old.tcpState);
  columns.status.set(old.status);
  columns.since.set(old.since);
  columns.round.set(old.round);
  columns.heard.set(old.heard);
  return columns;
}
