// The tables of the ledger, which refer to each other by rows: flows, their index, port spaces, addresses.
import { AddressTable } from '../model/address-table.ts';
import { PortSpaceTable } from '../model/port-space-table.ts';
import { FlowIndex } from './flow-index.ts';
import { LedgerRows } from './ledger-rows.ts';

/** Rows of flows long gone that may pile up before they are cleared away: twice as many as stay then (MOST_IDLE_SPACES). */
const DEAD_ROWS = 131_072;

export class LedgerTables {
  readonly addresses = new AddressTable();
  readonly spaces = new PortSpaceTable();
  readonly index = new FlowIndex();
  readonly rows: LedgerRows;

  /** `room`: flows to begin with. */
  constructor(room = 0) {
    this.rows = new LedgerRows(room);
  }

  get bytes(): number {
    return this.rows.bytes + this.index.bytes + this.spaces.memoryBytes + this.addresses.memoryBytes;
  }

  /** Whether most rows are of flows long gone. */
  get isSparse(): boolean {
    const flows = this.index.count;
    return (
      this.rows.top > 4 * flows + DEAD_ROWS ||
      this.spaces.count > 2 * flows + DEAD_ROWS ||
      this.addresses.count > 3 * flows + DEAD_ROWS
    );
  }
}
