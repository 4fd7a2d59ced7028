// Recognises entries that a dump sends twice. When the entry at a datagram boundary dies, ctnetlink_dump_table
// (net/netfilter/nf_conntrack_netlink.c) starts its hash bucket over in the next datagram. So a repeat can only be an entry
// of the bucket that was under way: among the last 256 flows, since a chain stops growing at 80 entries (nf_conntrack_core.c,
// MIN_CHAINLEN + MAX_CHAINLEN). Exact: the candidate's own columns are compared, the hash only finds it.
import type { FlowColumns } from './flow-table.ts';
import { HASH_SEED, finishHash, mixHash } from './integer-hash.ts';

const WINDOW_FLOWS = 256;
const SLOTS = 1024;
const LAST_SLOT = SLOTS - 1;

/** Two generations of the latest flows; together they always hold the last 256. */
export class ResendWindow {
  /** Row + 1 for each slot, 0 for none. */
  #current = new Int32Array(SLOTS);
  #previous = new Int32Array(SLOTS);
  #held = 0;

  /**
   * Whether the flow in `row`, whose portSpace, port and id columns are set, is among the latest flows; remembers it if not.
   * Equal port space and port is the same tuple to the kernel; an equal id makes it the same entry.
   */
  sawBefore(columns: FlowColumns, row: number): boolean {
    const portSpace = columns.portSpace[row] ?? 0;
    const port = columns.port[row] ?? 0;
    const id = columns.id[row] ?? 0;
    const start = finishHash(mixHash(mixHash(HASH_SEED, portSpace), port)) & LAST_SLOT;
    for (let slot = start; this.#previous[slot] !== 0; slot = (slot + 1) & LAST_SLOT) {
      const seen = (this.#previous[slot] ?? 0) - 1;
      if (columns.port[seen] === port && columns.portSpace[seen] === portSpace && columns.id[seen] === id) return true;
    }
    let slot = start;
    for (; this.#current[slot] !== 0; slot = (slot + 1) & LAST_SLOT) {
      const seen = (this.#current[slot] ?? 0) - 1;
      if (columns.port[seen] === port && columns.portSpace[seen] === portSpace && columns.id[seen] === id) return true;
    }
    this.#current[slot] = row + 1;
    this.#held += 1;
    if (this.#held === WINDOW_FLOWS) this.#turn();
    return false;
  }

  #turn(): void {
    const oldest = this.#previous;
    this.#previous = this.#current;
    this.#current = oldest.fill(0);
    this.#held = 0;
  }
}
