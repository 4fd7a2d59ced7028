// Recognises entries that a dump sends twice. When the entry at a datagram boundary dies, ctnetlink_dump_table
// (net/netfilter/nf_conntrack_netlink.c) starts its hash bucket over in the next datagram. So a repeat can only be an entry
// of the bucket that was under way: among the last 256 flows, since a chain stops growing at 80 entries (nf_conntrack_core.c,
// MIN_CHAINLEN + MAX_CHAINLEN). Exact: the candidate's own columns are compared, the hash only finds it.
import type { FlowColumns } from './flow-table.ts';

const WINDOW_FLOWS = 256;
const LAST_PLACE = WINDOW_FLOWS - 1;
const SLOTS = 1024;
/** Leaves as many upper bits as count the slots: a product mixes best there. */
const SLOT_SHIFT = 22;

/** The latest 256 flows by hash, newest first; older ones drop out without being removed. */
export class ResendWindow {
  /** Newest row + 1 of each hash, 0 for none. */
  readonly #newest = new Int32Array(SLOTS);
  /** Row + 1 of the next older flow of the same hash, at the place of the newer. */
  readonly #older = new Int32Array(WINDOW_FLOWS);

  /**
   * Whether the flow in `row`, whose portSpace, port and id columns are set, is among the latest flows; remembers it if not.
   * Equal port space and port is the same tuple to the kernel; an equal id makes it the same entry.
   */
  sawBefore(columns: FlowColumns, row: number): boolean {
    // Port and space as well, since a source that tells no id has 0 for all, and many spaces have the same ports.
    const place = Math.imul(columns.portSpace[row] ?? 0, 0x9e3779b1) ^ ((columns.port[row] ?? 0) << 12);
    const hash = Math.imul((columns.id[row] ?? 0) ^ place, 0x85ebca6b);
    const slot = hash >>> SLOT_SHIFT;
    const newest = this.#newest[slot] ?? 0;
    if (newest > row - WINDOW_FLOWS && this.#isAmong(columns, row, newest)) return true;
    this.#older[row & LAST_PLACE] = newest;
    this.#newest[slot] = row + 1;
    return false;
  }

  /** Follows the flows of one hash from the newest down to the oldest that counts. */
  #isAmong({ portSpace, port, id }: FlowColumns, row: number, newest: number): boolean {
    const oldest = Math.max(0, row - WINDOW_FLOWS);
    for (let seen = newest - 1; seen >= oldest; seen = (this.#older[seen & LAST_PLACE] ?? 0) - 1) {
      if (id[seen] === id[row] && port[seen] === port[row] && portSpace[seen] === portSpace[row]) return true;
    }
    return false;
  }
}
