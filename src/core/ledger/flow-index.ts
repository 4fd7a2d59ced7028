// Finds the row of a flow by port space, port and CTA_ID: open addressing over integers, with removal.
// The id is part of the key: it tells one entry from the next that takes the same port (nf_ct_get_id, nf_conntrack_core.c).
import { finishHash, mixHash } from '../model/integer-hash.ts';
import type { FlowColumns } from '../model/flow-table.ts';

const SMALLEST_SLOTS = 1024;

/** Rows by their key; the columns that hold the keys belong to the ledger. */
export class FlowIndex {
  /** Row + 1 for each slot, 0 for none; at least twice as many slots as rows. */
  #slots = new Int32Array(SMALLEST_SLOTS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Bytes it takes. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** The row of the flow, or -1. */
  find(columns: FlowColumns, portSpace: number, port: number, id: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    // Signed on both sides: an unsigned 32-bit number may need an object of its own.
    const wanted = id | 0;
    for (let slot = slotOf(portSpace, port) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      if (columns.port[row] === port && columns.portSpace[row] === portSpace && ((columns.id[row] ?? 0) | 0) === wanted)
        return row;
    }
  }

  /** A row that holds the port in the port space under another id, or -1. */
  findOther(columns: FlowColumns, portSpace: number, port: number, id: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    // Signed on both sides: an unsigned 32-bit number may need an object of its own.
    const wanted = id | 0;
    for (let slot = slotOf(portSpace, port) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return -1;
      if (columns.port[row] === port && columns.portSpace[row] === portSpace && ((columns.id[row] ?? 0) | 0) !== wanted)
        return row;
    }
  }

  /** Adds a row that is not there yet; its key columns are set. */
  add(columns: FlowColumns, row: number): void {
    if ((this.#count + 1) * 2 > this.#slots.length) this.#grow(columns);
    this.#place(columns, row);
    this.#count += 1;
  }

  /** Takes a row out; its key columns are still set. Later slots of the chain move up, so no marker stays behind. */
  remove(columns: FlowColumns, row: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = slotOf(columns.portSpace[row] ?? 0, columns.port[row] ?? 0) & mask;
    while (slots[hole] !== row + 1) {
      if (slots[hole] === 0) return;
      hole = (hole + 1) & mask;
    }
    this.#count -= 1;
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const moved = (slots[slot] ?? 0) - 1;
      const home = slotOf(columns.portSpace[moved] ?? 0, columns.port[moved] ?? 0) & mask;
      // It may move when its home is not between the hole and itself.
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = moved + 1;
      hole = slot;
    }
    slots[hole] = 0;
  }

  clear(): void {
    this.#slots = new Int32Array(SMALLEST_SLOTS);
    this.#count = 0;
  }

  #place(columns: FlowColumns, row: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = slotOf(columns.portSpace[row] ?? 0, columns.port[row] ?? 0) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = row + 1;
  }

  #grow(columns: FlowColumns): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (const mark of old) if (mark !== 0) this.#place(columns, mark - 1);
  }
}

function slotOf(portSpace: number, port: number): number {
  return finishHash(mixHash(portSpace, port));
}
