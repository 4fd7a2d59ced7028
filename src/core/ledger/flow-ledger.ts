// The always-current table of flows that hold ports: fed by events as they come and by a dump now and then, never by one alone.
// Columns, no object per flow. It knows no clock: whoever feeds it says what second it is.
import { AddressTable } from '../model/address-table.ts';
import { INBOUND, SRC_NAT } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import { type FlowValues, newFlowValues } from '../model/flow-table-builder.ts';
import { PortSpaceTable, type PortSpaceKey, newPortSpaceKey } from '../model/port-space-table.ts';
import { ICMP, ICMPV6 } from '../model/protocol.ts';
import { isClosing } from '../model/tcp-state.ts';
import { EndedFlows } from './ended-flows.ts';
import { FlowHistory } from './flow-history.ts';
import { FlowIndex } from './flow-index.ts';
import { FREE, type LedgerColumns, allocateColumns, grownColumns } from './ledger-columns.ts';
import { SpaceTally } from './space-tally.ts';

export interface LedgerOptions {
  /** Flows kept at most; further ones are counted, not kept. Default one million. */
  readonly flowLimit?: number;
  /** Ended flows remembered. Default 65,536. */
  readonly historyLimit?: number;
}

/** Totals since the ledger was made; none ever falls. */
export interface LedgerCounts {
  /** Beginnings and ends that were heard. */
  began: number;
  ended: number;
  /** Of them: SNATed flows. */
  snatBegan: number;
  snatEnded: number;
  /** Ends of flows that were not known. */
  unknownEnds: number;
  /** Flows that gave way to another in the same port whose end was not heard. */
  replaced: number;
  /** Flows that a dump showed and nobody had announced. */
  found: number;
  /** Flows that a dump no longer showed and whose end was not heard. */
  vanished: number;
  /** Closing flows dropped because their time had run out. */
  aged: number;
  /** Flows that were not kept because the ledger was full. */
  unlisted: number;
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
const SMALLEST_ROWS = 1024;
/** Dead rows of the side tables that may pile up before they are cleared away. */
const DEAD_ROWS = 65_536;

export class FlowLedger {
  readonly counts: LedgerCounts = {
    began: 0,
    ended: 0,
    snatBegan: 0,
    snatEnded: 0,
    unknownEnds: 0,
    replaced: 0,
    found: 0,
    vanished: 0,
    aged: 0,
    unlisted: 0,
  };
  readonly history: FlowHistory;
  readonly tally = new SpaceTally();
  readonly #limit: number;
  readonly #endedFlows = new EndedFlows();
  readonly #index = new FlowIndex();
  readonly #key = newPortSpaceKey();
  readonly #flow = newFlowValues();
  #addresses = new AddressTable();
  #spaces = new PortSpaceTable();
  #columns: LedgerColumns = allocateColumns(SMALLEST_ROWS);
  /** Rows that hold no flow, below `#top`. */
  #freeRows = new Uint32Array(SMALLEST_ROWS);
  #freeCount = 0;
  /** One past the highest row ever used. */
  #top = 0;
  #second = 0;
  #round = 0;
  #isResyncing = false;

  constructor(options: LedgerOptions = {}) {
    this.#limit = options.flowLimit ?? FLOW_LIMIT;
    this.history = new FlowHistory(options.historyLimit ?? HISTORY_LIMIT);
  }

  /** Flows known now. */
  get flowCount(): number {
    return this.#index.count;
  }

  get addresses(): AddressTable {
    return this.#addresses;
  }

  get spaces(): PortSpaceTable {
    return this.#spaces;
  }

  /** Rows below `top`; those whose port space is FREE hold no flow. */
  get columns(): LedgerColumns {
    return this.#columns;
  }

  get top(): number {
    return this.#top;
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
    return (
      this.#columns.port.length * 31 + this.#freeRows.byteLength + this.#index.bytes + this.#addresses.bytes.length
    );
  }

  /** Sets the clock; it never goes back. */
  setSecond(second: number): void {
    if (second > this.#second) this.#second = second;
  }

  /** A flow began. */
  begin(key: PortSpaceKey, flow: FlowValues): void {
    const space = this.#spaces.rowOf(key, 0);
    this.counts.began += 1;
    if ((flow.status & (SRC_NAT | INBOUND)) === SRC_NAT) {
      this.counts.snatBegan += 1;
      this.tally.begin(space, flow.port);
    }
    const row = this.#index.find(this.#columns, space, flow.port, flow.id);
    if (row >= 0) this.#update(row, flow);
    else this.#beginNew(space, { flow, protocol: key.protocol });
  }

  /** A flow ended. */
  end(key: PortSpaceKey, flow: FlowValues): void {
    const space = this.#spaces.rowOf(key, 0);
    this.counts.ended += 1;
    if ((flow.status & (SRC_NAT | INBOUND)) === SRC_NAT) {
      this.counts.snatEnded += 1;
      this.tally.end(space);
    }
    if (this.#isResyncing) this.#endedFlows.add(space, flow.port, flow.id);
    const row = this.#index.find(this.#columns, space, flow.port, flow.id);
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
    this.#takeDump(dump);
    if (cover.isComplete) this.#sweep(cover.snatOnly);
    this.#isResyncing = false;
    this.#endedFlows.clear();
    this.#clearAway();
  }

  /**
   * Drops closing flows whose time has run out: the kernel lets their port go then, whenever it announces it (an expired entry
   * is no obstacle in nf_conntrack_tuple_taken). Others may have been prolonged unseen: a resync tells.
   * @returns how many such others nobody will announce the end of.
   */
  ageOut(): number {
    const { portSpace, timeoutSeconds, tcpState, heard } = this.#columns;
    let overdue = 0;
    for (let row = 0; row < this.#top; row += 1) {
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
    this.#spaces.keyOf(space, key);
  }

  #beginNew(space: number, { flow, protocol }: { readonly flow: FlowValues; readonly protocol: number }): void {
    if (protocol !== ICMP && protocol !== ICMPV6) this.#giveWay(space, flow);
    this.#insert(space, { flow, heard: 1 });
  }

  /** One tuple, one entry: whoever held the port before is gone, although its end was not heard. Echoes differ by type, too. */
  #giveWay(space: number, flow: FlowValues): void {
    const other = this.#index.findOther(this.#columns, space, flow.port, flow.id);
    if (other < 0) return;
    this.counts.replaced += 1;
    if (this.#isResyncing) this.#endedFlows.add(space, flow.port, this.#columns.id[other] ?? 0);
    this.#remove(other, false);
  }

  #insert(space: number, { flow, heard }: { readonly flow: FlowValues; readonly heard: 0 | 1 }): void {
    if (this.flowCount >= this.#limit) {
      this.counts.unlisted += 1;
      return;
    }
    const row = this.#takeRow();
    const columns = this.#columns;
    columns.portSpace[row] = space;
    columns.port[row] = flow.port;
    columns.id[row] = flow.id;
    columns.source[row] = flow.source;
    columns.sourcePort[row] = flow.sourcePort;
    columns.since[row] = this.#second;
    columns.heard[row] = heard;
    this.#refresh(row, flow);
    this.#spaces.countFlow(space);
    this.#index.add(columns, row);
  }

  #update(row: number, flow: FlowValues): void {
    this.#columns.heard[row] = 1;
    this.#refresh(row, flow);
  }

  #refresh(row: number, flow: FlowValues): void {
    const columns = this.#columns;
    columns.timeoutSeconds[row] = this.#second + flow.timeoutSeconds;
    columns.tcpState[row] = flow.tcpState;
    columns.status[row] = flow.status;
    columns.round[row] = this.#round;
  }

  #remove(row: number, wasHeard: boolean): void {
    const columns = this.#columns;
    this.#remember(row, wasHeard);
    this.#index.remove(columns, row);
    this.#spaces.uncountFlow(columns.portSpace[row] ?? 0);
    columns.portSpace[row] = FREE;
    this.#freeRows[this.#freeCount] = row;
    this.#freeCount += 1;
  }

  #remember(row: number, wasHeard: boolean): void {
    const columns = this.#columns;
    if (((columns.status[row] ?? 0) & (SRC_NAT | INBOUND)) !== SRC_NAT) return;
    const key = this.#key;
    this.#spaces.keyOf(columns.portSpace[row] ?? 0, key);
    this.history.add({
      words: this.#addresses.words,
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

  #takeRow(): number {
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      return this.#freeRows[this.#freeCount] ?? 0;
    }
    if (this.#top === this.#columns.port.length) this.#grow();
    this.#top += 1;
    return this.#top - 1;
  }

  #grow(): void {
    const rows = Math.ceil(this.#columns.port.length * 1.5);
    this.#columns = grownColumns(this.#columns, rows);
    const freeRows = new Uint32Array(rows);
    freeRows.set(this.#freeRows.subarray(0, this.#freeCount));
    this.#freeRows = freeRows;
  }

  #takeDump(dump: FlowTable): void {
    const words = new Int32Array(dump.addresses.buffer, dump.addresses.byteOffset, dump.addressCount * 4);
    const addresses = Uint32Array.from({ length: dump.addressCount }, (_, row) =>
      this.#addresses.rowOf(words, row * 4),
    );
    const spaces = Uint32Array.from({ length: dump.portSpaceCount }, (_, row) => this.#spaceOf(dump, row, addresses));
    const { flows } = dump;
    const flow = this.#flow;
    for (let row = 0; row < dump.flowCount; row += 1) {
      flow.port = flows.port[row] ?? 0;
      flow.id = (flows.id[row] ?? 0) >>> 0;
      flow.timeoutSeconds = flows.timeoutSeconds[row] ?? 0;
      flow.tcpState = flows.tcpState[row] ?? 0;
      flow.status = flows.status[row] ?? 0;
      flow.source = addresses[flows.source[row] ?? 0] ?? 0;
      flow.sourcePort = flows.sourcePort[row] ?? 0;
      this.#takeDumped(spaces[flows.portSpace[row] ?? 0] ?? 0, flow);
    }
  }

  #spaceOf(dump: FlowTable, row: number, addresses: Uint32Array): number {
    const { zone, protocol, snatAddress, remoteAddress, remotePort } = dump.portSpaces;
    const key = this.#key;
    key.zone = zone[row] ?? 0;
    key.protocol = protocol[row] ?? 0;
    key.snatAddress = addresses[snatAddress[row] ?? 0] ?? 0;
    key.remoteAddress = addresses[remoteAddress[row] ?? 0] ?? 0;
    key.remotePort = remotePort[row] ?? 0;
    return this.#spaces.rowOf(key, 0);
  }

  #takeDumped(space: number, flow: FlowValues): void {
    // Also when it began again since, under the same id (nf_ct_get_id hashes pods, ports and memory): this may be the older one.
    if (this.#endedFlows.has(space, flow.port, flow.id)) return;
    const row = this.#index.find(this.#columns, space, flow.port, flow.id);
    if (row >= 0) {
      this.#refresh(row, flow);
      return;
    }
    this.counts.found += 1;
    this.#insert(space, { flow, heard: 0 });
  }

  /** Drops what a whole dump did not show. */
  #sweep(snatOnly: boolean): void {
    const { portSpace, round, status } = this.#columns;
    for (let row = 0; row < this.#top; row += 1) {
      if (portSpace[row] === FREE || round[row] === this.#round) continue;
      if (snatOnly && ((status[row] ?? 0) & SRC_NAT) === 0) continue;
      this.counts.vanished += 1;
      this.#remove(row, false);
    }
  }

  /** Rebuilds the tables when most of their rows are of flows long gone. */
  #clearAway(): void {
    const isSparse = this.#top > 4 * this.flowCount + DEAD_ROWS;
    const hasDeadSpaces = this.#spaces.count > 2 * this.flowCount + DEAD_ROWS;
    const hasDeadAddresses = this.#addresses.count > 3 * this.flowCount + DEAD_ROWS;
    if (isSparse || hasDeadSpaces || hasDeadAddresses) this.compact();
  }

  /** Makes all tables anew from the flows that live; not while a resync is under way. */
  compact(): void {
    if (this.#isResyncing) return;
    const old = { columns: this.#columns, top: this.#top, spaces: this.#spaces, words: this.#addresses.words };
    const rows = new Int32Array(old.spaces.count).fill(-1);
    this.#addresses = new AddressTable();
    this.#spaces = new PortSpaceTable();
    this.#columns = allocateColumns(Math.max(SMALLEST_ROWS, Math.ceil(this.flowCount * 1.25)));
    this.#freeRows = new Uint32Array(this.#columns.port.length);
    this.#freeCount = 0;
    this.#top = 0;
    this.#index.clear();
    const moveSpace = (space: number): number => this.#movedSpace(space, { ...old, rows });
    for (let space = 0; space < old.spaces.count; space += 1)
      if (this.tally.began(space) + this.tally.ended(space) > 0) moveSpace(space);
    for (let row = 0; row < old.top; row += 1)
      if (old.columns.portSpace[row] !== FREE) this.#moveRow(row, { ...old, moveSpace });
    this.tally.move(rows);
  }

  #movedSpace(
    space: number,
    old: { readonly spaces: PortSpaceTable; readonly words: Int32Array; readonly rows: Int32Array },
  ): number {
    const known = old.rows[space] ?? -1;
    if (known >= 0) return known;
    const key = this.#key;
    old.spaces.keyOf(space, key);
    key.snatAddress = this.#addresses.rowOf(old.words, key.snatAddress * 4);
    key.remoteAddress = this.#addresses.rowOf(old.words, key.remoteAddress * 4);
    const moved = this.#spaces.rowOf(key, 0);
    old.rows[space] = moved;
    return moved;
  }

  #moveRow(
    row: number,
    old: { readonly columns: LedgerColumns; readonly words: Int32Array; moveSpace(space: number): number },
  ): void {
    const to = this.#takeRow();
    const from = old.columns;
    const columns = this.#columns;
    const space = old.moveSpace(from.portSpace[row] ?? 0);
    columns.portSpace[to] = space;
    columns.source[to] = this.#addresses.rowOf(old.words, (from.source[row] ?? 0) * 4);
    columns.timeoutSeconds[to] = from.timeoutSeconds[row] ?? 0;
    columns.id[to] = from.id[row] ?? 0;
    columns.port[to] = from.port[row] ?? 0;
    columns.sourcePort[to] = from.sourcePort[row] ?? 0;
    columns.tcpState[to] = from.tcpState[row] ?? 0;
    columns.status[to] = from.status[row] ?? 0;
    columns.since[to] = from.since[row] ?? 0;
    columns.round[to] = from.round[row] ?? 0;
    columns.heard[to] = from.heard[row] ?? 0;
    this.#spaces.countFlow(space);
    this.#index.add(columns, to);
  }
}
