// Clears dead rows away: all tables of the ledger made anew from the flows that live.
import { type PortSpaceKey, newPortSpaceKey } from '../model/port-space-table.ts';
import { FREE, type LedgerColumns } from './ledger-columns.ts';
import { LedgerTables } from './ledger-tables.ts';

/** New tables with nothing but the flows of the old, and the new row of each port space, or -1. */
export interface CompactTables {
  readonly tables: LedgerTables;
  readonly spaceRows: Int32Array;
}

/** Makes all tables anew from the flows that live; port spaces for which `keeps` holds stay without a flow, too. */
export function compactTables(old: LedgerTables, keeps: (space: number) => boolean): CompactTables {
  const move = new TableMove(old);
  for (let space = 0; space < old.spaces.count; space += 1) if (keeps(space)) move.space(space);
  const { columns, top } = old.rows;
  for (let row = 0; row < top; row += 1) if (columns.portSpace[row] !== FREE) move.flow(row);
  return { tables: move.tables, spaceRows: move.spaceRows };
}

class TableMove {
  readonly tables: LedgerTables;
  readonly spaceRows: Int32Array;
  readonly #old: LedgerTables;
  readonly #from: LedgerColumns;
  readonly #words: Int32Array;
  readonly #key: PortSpaceKey = newPortSpaceKey();

  constructor(old: LedgerTables) {
    this.#old = old;
    this.#from = old.rows.columns;
    this.#words = old.addresses.words;
    this.tables = new LedgerTables(old.index.count * 1.25);
    this.spaceRows = new Int32Array(old.spaces.count).fill(-1);
  }

  /** @returns its new row. */
  space(space: number): number {
    const known = this.spaceRows[space] ?? -1;
    if (known >= 0) return known;
    const key = this.#key;
    this.#old.spaces.keyOf(space, key);
    key.snatAddress = this.#address(key.snatAddress);
    key.remoteAddress = this.#address(key.remoteAddress);
    const moved = this.tables.spaces.rowOf(key, 0);
    this.spaceRows[space] = moved;
    return moved;
  }

  flow(row: number): void {
    const { rows, spaces, index } = this.tables;
    const from = this.#from;
    const to = rows.take();
    const { columns } = rows;
    const space = this.space(from.portSpace[row] ?? 0);
    columns.portSpace[to] = space;
    columns.source[to] = this.#address(from.source[row] ?? 0);
    columns.timeoutSeconds[to] = from.timeoutSeconds[row] ?? 0;
    columns.id[to] = from.id[row] ?? 0;
    columns.port[to] = from.port[row] ?? 0;
    columns.sourcePort[to] = from.sourcePort[row] ?? 0;
    columns.tcpState[to] = from.tcpState[row] ?? 0;
    columns.status[to] = from.status[row] ?? 0;
    columns.since[to] = from.since[row] ?? 0;
    columns.round[to] = from.round[row] ?? 0;
    columns.heard[to] = from.heard[row] ?? 0;
    spaces.countFlow(space);
    index.add(columns, to);
  }

  #address(row: number): number {
    return this.tables.addresses.rowOf(this.#words, row * 4);
  }
}
