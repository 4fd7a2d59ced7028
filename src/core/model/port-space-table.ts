// Distinct port spaces as rows of four 32-bit words, found by integers: one cache line a look-up, no object, no text.
import type { PortSpaceColumns } from './flow-table.ts';
import { finishHash, mixHash } from './integer-hash.ts';

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

// A row: remote address, SNAT address, remote port << 16 | zone, protocol << 24 | flows (at most 65,536 ports hold one space).
const REMOTE_ADDRESS = 0;
const SNAT_ADDRESS = 1;
const PORT_AND_ZONE = 2;
const PROTOCOL_AND_FLOWS = 3;
const FLOWS_MASK = 0xffffff;

/** A growing set of port spaces; a row, once given, never changes. */
export class PortSpaceTable {
  readonly #limit: number;
  #count = 0;
  #rows = new Int32Array(64 * 4);
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

  /** Bytes of all that it holds. */
  get memoryBytes(): number {
    return this.#rows.byteLength + this.#slots.byteLength;
  }

  /**
   * The row of a port space, added when new, and `flows` more counted in it; -1 when it is new and the limit is reached.
   * One function on purpose: it runs for every flow, and what the engine inlines is bounded.
   */
  rowOf(key: PortSpaceKey, flows = 1): number {
    const remoteAddress = key.remoteAddress;
    const snatAddress = key.snatAddress;
    const portAndZone = (key.remotePort << 16) | key.zone;
    const rows = this.#rows;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = mixHash(mixHash(remoteAddress, portAndZone), (snatAddress << 8) | key.protocol);
    for (let slot = finishHash(hash) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return this.#append(slot, key, flows);
      const at = row * 4;
      if (rows[at] !== remoteAddress || rows[at + PORT_AND_ZONE] !== portAndZone) continue;
      const protocolAndFlows = rows[at + PROTOCOL_AND_FLOWS] ?? 0;
      if (rows[at + SNAT_ADDRESS] !== snatAddress || protocolAndFlows >>> 24 !== key.protocol) continue;
      rows[at + PROTOCOL_AND_FLOWS] = protocolAndFlows + flows;
      return row;
    }
  }

  /** How many flows were counted in a row. */
  flowsOf(row: number): number {
    return (this.#rows[row * 4 + PROTOCOL_AND_FLOWS] ?? 0) & FLOWS_MASK;
  }

  /** Counts one more flow in a row. */
  countFlow(row: number): void {
    const at = row * 4 + PROTOCOL_AND_FLOWS;
    this.#rows[at] = (this.#rows[at] ?? 0) + 1;
  }

  /** Counts one flow less in a row. */
  uncountFlow(row: number): void {
    const at = row * 4 + PROTOCOL_AND_FLOWS;
    this.#rows[at] = (this.#rows[at] ?? 0) - 1;
  }

  /** Writes the key of a row into `key`. */
  keyOf(row: number, key: PortSpaceKey): void {
    const portAndZone = this.#rows[row * 4 + PORT_AND_ZONE] ?? 0;
    key.zone = portAndZone & 0xffff;
    key.remotePort = portAndZone >>> 16;
    key.protocol = (this.#rows[row * 4 + PROTOCOL_AND_FLOWS] ?? 0) >>> 24;
    key.snatAddress = this.#rows[row * 4 + SNAT_ADDRESS] ?? 0;
    key.remoteAddress = this.#rows[row * 4 + REMOTE_ADDRESS] ?? 0;
  }

  /** The rows as columns. */
  columns(): PortSpaceColumns {
    const columns = allocate(this.#count);
    for (let row = 0; row < this.#count; row += 1) {
      const portAndZone = this.#rows[row * 4 + PORT_AND_ZONE] ?? 0;
      columns.zone[row] = portAndZone & 0xffff;
      columns.protocol[row] = (this.#rows[row * 4 + PROTOCOL_AND_FLOWS] ?? 0) >>> 24;
      columns.snatAddress[row] = this.#rows[row * 4 + SNAT_ADDRESS] ?? 0;
      columns.remoteAddress[row] = this.#rows[row * 4 + REMOTE_ADDRESS] ?? 0;
      columns.remotePort[row] = portAndZone >>> 16;
      columns.flows[row] = this.flowsOf(row);
    }
    return columns;
  }

  #append(slot: number, key: PortSpaceKey, flows: number): number {
    const row = this.#count;
    if (row >= this.#limit) return -1;
    this.#count += 1;
    this.#slots[slot] = row + 1;
    this.#rows[row * 4 + REMOTE_ADDRESS] = key.remoteAddress;
    this.#rows[row * 4 + SNAT_ADDRESS] = key.snatAddress;
    this.#rows[row * 4 + PORT_AND_ZONE] = (key.remotePort << 16) | key.zone;
    this.#rows[row * 4 + PROTOCOL_AND_FLOWS] = (key.protocol << 24) | flows;
    if (this.#count * 4 === this.#rows.length) this.#grow();
    return row;
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    this.#slots = new Int32Array(rows.length / 2);
    for (let row = 0; row < this.#count; row += 1) this.#slots[this.#freeSlotFor(row)] = row + 1;
  }

  #freeSlotFor(row: number): number {
    const rows = this.#rows;
    const protocol = (rows[row * 4 + PROTOCOL_AND_FLOWS] ?? 0) >>> 24;
    const ends = mixHash(rows[row * 4] ?? 0, rows[row * 4 + PORT_AND_ZONE] ?? 0);
    const mask = this.#slots.length - 1;
    let slot = finishHash(mixHash(ends, ((rows[row * 4 + SNAT_ADDRESS] ?? 0) << 8) | protocol)) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
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
