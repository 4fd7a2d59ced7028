// Distinct port spaces as rows of typed-array columns, found by integers. Open addressing, no object and no text per row.
import type { PortSpaceColumns } from './flow-table.ts';
import { HASH_SEED, finishHash, mixHash } from './integer-hash.ts';

/** One port space in rows of an AddressTable; a caller keeps one and overwrites it. */
export interface PortSpaceKey {
  zone: number;
  protocol: number;
  /** Row in the address table. */
  snatAddress: number;
  /** Row in the address table. */
  remoteAddress: number;
  remotePort: number;
}

/** A key to overwrite. */
export function newPortSpaceKey(): PortSpaceKey {
  return { zone: 0, protocol: 0, snatAddress: 0, remoteAddress: 0, remotePort: 0 };
}

/** A growing set of port spaces; a row, once given, never changes. */
export class PortSpaceTable {
  readonly #limit: number;
  #count = 0;
  #columns: PortSpaceColumns = allocate(64);
  /** Row + 1 for each slot, 0 for none; twice as many slots as rows fit. */
  #slots = new Int32Array(128);

  /** `limit`: how many rows may exist. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** All rows; capacity may exceed the count. `flows` counts the calls of rowOf per row. */
  get columns(): PortSpaceColumns {
    return this.#columns;
  }

  /** The row of a port space, added when new and counted in `flows`; -1 when it is new and the limit is reached. */
  rowOf(key: PortSpaceKey): number {
    const slot = this.#slotOf(key);
    let row = (this.#slots[slot] ?? 0) - 1;
    if (row < 0) {
      if (this.#count >= this.#limit) return -1;
      row = this.#append(slot, key);
    }
    const flows = this.#columns.flows;
    flows[row] = (flows[row] ?? 0) + 1;
    return row;
  }

  /** Takes back what the last rowOf of this row counted. */
  uncount(row: number): void {
    const flows = this.#columns.flows;
    flows[row] = (flows[row] ?? 0) - 1;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(key: PortSpaceKey): number {
    const { zone, protocol, snatAddress, remoteAddress, remotePort } = key;
    const columns = this.#columns;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = mixHash(mixHash(HASH_SEED, remoteAddress), (remotePort << 16) | zone);
    for (let slot = finishHash(mixHash(hash, (snatAddress << 8) | protocol)) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return slot;
      if (columns.remoteAddress[row] !== remoteAddress || columns.remotePort[row] !== remotePort) continue;
      if (columns.snatAddress[row] !== snatAddress || columns.protocol[row] !== protocol) continue;
      if (columns.zone[row] === zone) return slot;
    }
  }

  #append(slot: number, key: PortSpaceKey): number {
    const row = this.#count;
    const columns = this.#columns;
    this.#count += 1;
    this.#slots[slot] = row + 1;
    columns.zone[row] = key.zone;
    columns.protocol[row] = key.protocol;
    columns.snatAddress[row] = key.snatAddress;
    columns.remoteAddress[row] = key.remoteAddress;
    columns.remotePort[row] = key.remotePort;
    if (this.#count === columns.zone.length) this.#grow();
    return row;
  }

  #grow(): void {
    const old = this.#columns;
    const grown = allocate(old.zone.length * 2);
    grown.zone.set(old.zone);
    grown.protocol.set(old.protocol);
    grown.snatAddress.set(old.snatAddress);
    grown.remoteAddress.set(old.remoteAddress);
    grown.remotePort.set(old.remotePort);
    grown.flows.set(old.flows);
    this.#columns = grown;
    this.#reslot();
  }

  #reslot(): void {
    const columns = this.#columns;
    const key = newPortSpaceKey();
    this.#slots = new Int32Array(columns.zone.length * 2);
    for (let row = 0; row < this.#count; row += 1) {
      key.zone = columns.zone[row] ?? 0;
      key.protocol = columns.protocol[row] ?? 0;
      key.snatAddress = columns.snatAddress[row] ?? 0;
      key.remoteAddress = columns.remoteAddress[row] ?? 0;
      key.remotePort = columns.remotePort[row] ?? 0;
      this.#slots[this.#slotOf(key)] = row + 1;
    }
  }
}

function allocate(rows: number): PortSpaceColumns {
  return {
    zone: new Uint16Array(rows),
    protocol: new Uint8Array(rows),
    snatAddress: new Uint32Array(rows),
    remoteAddress: new Uint32Array(rows),
    remotePort: new Uint16Array(rows),
    flows: new Uint32Array(rows),
  };
}
