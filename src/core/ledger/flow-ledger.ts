// The always-current table of flows that hold ports: fed by events as they come and by a dump now and then, never by one alone.
// Columns, no object per flow. It knows no clock: whoever feeds it says what second it is.
import type { AddressTable } from '../model/address-table.ts';
import { INBOUND, SRC_NAT } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { FlowValues } from '../model/flow-table-builder.ts';
import { type PortSpaceKey, type PortSpaceTable, newPortSpaceKey } from '../model/port-space-table.ts';
import { ICMP, ICMPV6 } from '../model/protocol.ts';
import { isClosing } from '../model/tcp-state.ts';
import { compactTables } from './compact-tables.ts';
import { showDumpedFlows } from './dumped-flows.ts';
import { EndedFlows } from './ended-flows.ts';
import { FlowHistory } from './flow-history.ts';
import { FREE, type LedgerColumns } from './ledger-columns.ts';
import { type LedgerCounts, newLedgerCounts } from './ledger-counts.ts';
import { LedgerTables } from './ledger-tables.ts';
import { SpaceTally } from './space-tally.ts';

export interface LedgerOptions {
  /** Flows kept at most; further ones are counted, not kept. Default one million. */
  readonly flowLimit?: number;
  /** Ended flows remembered. Default 65,536. */
  readonly historyLimit?: number;
}

/** How a dump covers the table. */
export interface DumpCover {
  /** False: what is missing from it may exist all the same. */
  readonly isComplete: boolean;
  /** True: only SNATed flows were asked for; it says nothing about others. */
  readonly snatOnly: boolean;
}

const FLOW_LIMIT = 1_000_000;
const HISTORY_LIMIT = 65_536;
/** Port spaces kept though no flow is left in them, for what the tally says of them: the busiest. */
const MOST_IDLE_SPACES = 65_536;

export class FlowLedger {
  readonly counts: LedgerCounts = newLedgerCounts();
  readonly history: FlowHistory;
  readonly tally = new SpaceTally();
  readonly #limit: number;
  readonly #endedFlows = new EndedFlows();
  readonly #key = newPortSpaceKey();
  #tables = new LedgerTables();
  #second = 0;
  #round = 0;
  #isResyncing = false;

  constructor(options: LedgerOptions = {}) {
    this.#limit = options.flowLimit ?? FLOW_LIMIT;
    this.history = new FlowHistory(options.historyLimit ?? HISTORY_LIMIT);
  }

  /** Flows known now. */
  get flowCount(): number {
    return this.#tables.index.count;
  }

  get addresses(): AddressTable {
    return this.#tables.addresses;
  }

  get spaces(): PortSpaceTable {
    return this.#tables.spaces;
  }

  /** Rows below `top`; those whose port space is FREE hold no flow. */
  get columns(): LedgerColumns {
    return this.#tables.rows.columns;
  }

  get top(): number {
    return this.#tables.rows.top;
  }

  /** The second it is, by the clock of whoever feeds the ledger. */
  get second(): number {
    return this.#second;
  }

  get isResyncing(): boolean {
    return this.#isResyncing;
  }

  /** Bytes of its tables. */
  get bytes(): number {
    return this.#tables.bytes + this.tally.bytes + this.history.bytes;
  }

  /** Sets the clock; it never goes back. */
  setSecond(second: number): void {
    if (second > this.#second) this.#second = second;
  }

  /** A flow began. */
  begin(key: PortSpaceKey, flow: FlowValues): void {
    const { spaces, index, rows } = this.#tables;
    const space = spaces.rowOf(key, 0);
    this.counts.began += 1;
    if ((flow.status & (SRC_NAT | INBOUND)) === SRC_NAT) {
      this.counts.snatBegan += 1;
      this.tally.begin(space, flow.port);
    }
    const row = index.find(rows.columns, space, flow.port, flow.id);
    if (row >= 0) this.#update(row, flow);
    else this.#beginNew(space, { flow, protocol: key.protocol });
  }

  /** A flow ended. */
  end(key: PortSpaceKey, flow: FlowValues): void {
    const { spaces, index, rows } = this.#tables;
    const space = spaces.rowOf(key, 0);
    this.counts.ended += 1;
    if ((flow.status & (SRC_NAT | INBOUND)) === SRC_NAT) {
      this.counts.snatEnded += 1;
      this.tally.end(space);
    }
    if (this.#isResyncing) this.#endedFlows.add(space, flow.port, flow.id);
    const row = index.find(rows.columns, space, flow.port, flow.id);
    if (row < 0) this.counts.unknownEnds += 1;
    else this.#remove(row, true);
  }

  /** To be called before a dump begins; events go on being fed meanwhile. */
  beginResync(): void {
    this.#round = (this.#round + 1) & 0xffff;
    this.#endedFlows.clear();
    this.#isResyncing = true;
  }

  /** The dump failed: nothing of it counts. */
  abandonResync(): void {
    this.#isResyncing = false;
    this.#endedFlows.clear();
  }

  /**
   * Takes a dump that began after `beginResync` and is over; all events up to now have been fed. Flows that began since are
   * kept though the dump may lack them, flows that ended since stay away though it may show them.
   */
  finishResync(dump: FlowTable, cover: DumpCover): void {
    showDumpedFlows({ dump, tables: this.#tables }, (space, flow) => this.#takeDumped(space, flow));
    if (cover.isComplete) this.#sweep(cover.snatOnly);
    this.#isResyncing = false;
    this.#endedFlows.clear();
    this.clearAway();
  }

  /**
   * Drops closing flows whose time has run out: the kernel lets their port go then, whenever it announces it (an expired entry
   * is no obstacle in nf_conntrack_tuple_taken). Others may have been prolonged unseen: a resync tells.
   * @returns how many such others nobody will announce the end of.
   */
  ageOut(): number {
    const { portSpace, timeoutSeconds, tcpState, heard } = this.columns;
    const { top } = this;
    let overdue = 0;
    for (let row = 0; row < top; row += 1) {
      if (portSpace[row] === FREE || (timeoutSeconds[row] ?? 0) + 1 >= this.#second) continue;
      if (isClosing(tcpState[row] ?? 0)) {
        this.counts.aged += 1;
        this.#remove(row, false);
      } else if (heard[row] === 0) {
        overdue += 1;
      }
    }
    return overdue;
  }

  /** Writes the key of a port space into `key`. */
  keyOf(space: number, key: PortSpaceKey): void {
    this.spaces.keyOf(space, key);
  }

  #beginNew(space: number, { flow, protocol }: { readonly flow: FlowValues; readonly protocol: number }): void {
    if (protocol !== ICMP && protocol !== ICMPV6) this.#giveWay(space, flow);
    this.#insert(space, { flow, heard: 1 });
  }

  /** One tuple, one entry: whoever held the port before is gone, although its end was not heard. Echoes differ by type, too. */
  #giveWay(space: number, flow: FlowValues): void {
    const { index, rows } = this.#tables;
    const other = index.findOther(rows.columns, space, flow.port, flow.id);
    if (other < 0) return;
    this.counts.replaced += 1;
    if (this.#isResyncing) this.#endedFlows.add(space, flow.port, rows.columns.id[other] ?? 0);
    this.#remove(other, false);
  }

  #insert(space: number, { flow, heard }: { readonly flow: FlowValues; readonly heard: 0 | 1 }): void {
    if (this.flowCount >= this.#limit) {
      this.counts.unlisted += 1;
      return;
    }
    const { rows, spaces, index } = this.#tables;
    const row = rows.take();
    const { columns } = rows;
    columns.portSpace[row] = space;
    columns.port[row] = flow.port;
    columns.id[row] = flow.id;
    columns.source[row] = flow.source;
    columns.sourcePort[row] = flow.sourcePort;
    columns.since[row] = this.#second;
    columns.heard[row] = heard;
    this.#refresh(row, flow);
    spaces.countFlow(space);
    index.add(columns, row);
  }

  #update(row: number, flow: FlowValues): void {
    this.columns.heard[row] = 1;
    this.#refresh(row, flow);
  }

  #refresh(row: number, flow: FlowValues): void {
    const { columns } = this;
    columns.timeoutSeconds[row] = this.#second + flow.timeoutSeconds;
    columns.tcpState[row] = flow.tcpState;
    columns.status[row] = flow.status;
    columns.round[row] = this.#round;
  }

  #remove(row: number, wasHeard: boolean): void {
    const { rows, spaces, index } = this.#tables;
    this.#remember(row, wasHeard);
    index.remove(rows.columns, row);
    spaces.uncountFlow(rows.columns.portSpace[row] ?? 0);
    rows.release(row);
  }

  #remember(row: number, wasHeard: boolean): void {
    const { columns, addresses, spaces } = this;
    if (((columns.status[row] ?? 0) & (SRC_NAT | INBOUND)) !== SRC_NAT) return;
    const key = this.#key;
    spaces.keyOf(columns.portSpace[row] ?? 0, key);
    this.history.add({
      words: addresses.words,
      source: (columns.source[row] ?? 0) * 4,
      remoteAddress: key.remoteAddress * 4,
      snatAddress: key.snatAddress * 4,
      protocol: key.protocol,
      zone: key.zone,
      port: columns.port[row] ?? 0,
      remotePort: key.remotePort,
      sourcePort: columns.sourcePort[row] ?? 0,
      fromSeconds: columns.since[row] ?? 0,
      toSeconds: this.#second,
      beganExactly: columns.heard[row] === 1,
      endedExactly: wasHeard,
    });
  }

  #takeDumped(space: number, flow: FlowValues): void {
    // Also when it began again since, under the same id (nf_ct_get_id hashes pods, ports and memory): this may be the older one.
    if (this.#endedFlows.has(space, flow.port, flow.id)) return;
    const { index, rows } = this.#tables;
    const row = index.find(rows.columns, space, flow.port, flow.id);
    if (row >= 0) {
      this.#refresh(row, flow);
      return;
    }
    this.counts.found += 1;
    this.#insert(space, { flow, heard: 0 });
  }

  /** Drops what a whole dump did not show. */
  #sweep(snatOnly: boolean): void {
    const { portSpace, round, status } = this.columns;
    const { top } = this;
    for (let row = 0; row < top; row += 1) {
      if (portSpace[row] === FREE || round[row] === this.#round) continue;
      if (snatOnly && ((status[row] ?? 0) & SRC_NAT) === 0) continue;
      this.counts.vanished += 1;
      this.#remove(row, false);
    }
  }

  /** Makes room where most rows are of flows long gone: however many come and go, the tables stay as large as those that live. */
  clearAway(): void {
    if (this.#tables.isSparse) this.compact();
  }

  /** Makes all tables anew from the flows that live; not while a resync is under way. */
  compact(): void {
    if (this.#isResyncing) return;
    const { tally } = this;
    const least = tally.busyness(MOST_IDLE_SPACES);
    const { tables, spaceRows } = compactTables(
      this.#tables,
      (space) => tally.began(space) + tally.ended(space) >= least,
    );
    this.#tables = tables;
    tally.move(spaceRows);
  }
}
