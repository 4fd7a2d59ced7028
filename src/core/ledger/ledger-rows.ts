// The rows of the ledger: columns that grow, and which of their rows are free.
import { FREE, type LedgerColumns, allocateColumns, grownColumns } from './ledger-columns.ts';

const SMALLEST_ROWS = 1024;
/** Of all columns, and of the list of free rows. */
const ROW_BYTES = 31 + 4;

export class LedgerRows {
  #columns: LedgerColumns;
  /** Rows that hold no flow, below `#top`. */
  #free: Uint32Array;
  #freeCount = 0;
  #top = 0;

  /** `room`: rows to begin with. */
  constructor(room = 0) {
    const rows = Math.max(SMALLEST_ROWS, Math.ceil(room));
    this.#columns = allocateColumns(rows);
    this.#free = new Uint32Array(rows);
  }

  /** Rows below `top`; those whose port space is FREE hold no flow. Others after each `take`. */
  get columns(): LedgerColumns {
    return this.#columns;
  }

  /** One past the highest row ever used. */
  get top(): number {
    return this.#top;
  }

  get bytes(): number {
    return this.#free.length * ROW_BYTES;
  }

  /** A row that is free no longer, once its port space is set. */
  take(): number {
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      return this.#free[this.#freeCount] ?? 0;
    }
    if (this.#top === this.#free.length) this.#grow();
    this.#top += 1;
    return this.#top - 1;
  }

  release(row: number): void {
    this.#columns.portSpace[row] = FREE;
    this.#free[this.#freeCount] = row;
    this.#freeCount += 1;
  }

  #grow(): void {
    const rows = Math.ceil(this.#free.length * 1.5);
    this.#columns = grownColumns(this.#columns, rows);
    const free = new Uint32Array(rows);
    free.set(this.#free.subarray(0, this.#freeCount));
    this.#free = free;
  }
}
