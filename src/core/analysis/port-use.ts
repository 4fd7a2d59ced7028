// Who holds which port in one port space: bitmaps and counts from the flow columns, for the spaces that are worth it.
import { ASSURED, FIXED_TIMEOUT, INBOUND, OFFLOADED, REMOTE_CLOSED_FIRST, SRC_NAT } from '../model/flow-status.ts';
import type { FlowColumns, FlowTable } from '../model/flow-table.ts';
import { type PortRange, rangeContains } from '../model/port-range.ts';
import { PortSet } from '../model/port-set.ts';
import { TCP, protocolName } from '../model/protocol.ts';
import { isClosing, tcpStateName } from '../model/tcp-state.ts';

/** What one snapshot says about one port space within one range. */
export interface PortUse {
  /** Flow-table rows of this space, ascending. */
  readonly rows: Uint32Array;
  /** Those of them that hold a port of the range, one row for each used port. */
  readonly holders: Uint32Array;
  readonly range: PortRange;
  readonly occupied: PortSet;
  /** Ports nf_nat_used_tuple_harder may take over on a kernel that evicts. */
  readonly evictable: PortSet;
  /** Distinct ports of the range in use. */
  readonly used: number;
  readonly evictablePorts: number;
  /** Ports held by TIME_WAIT or CLOSE, evictable or not. */
  readonly closing: number;
  /** Ports held by a datagram exchange that was never confirmed as a stream: free a timeout after the last packet. */
  readonly oneShot: number;
  /** Ports of closing entries whose remote sent the first FIN, so that it holds TIME_WAIT itself. */
  readonly remoteClosedFirst: number;
  /** Entries in the range per TCP state name, or `UDP` etc.; `inbound` for flows the remote opened. */
  readonly states: Readonly<Record<string, number>>;
  /** SNATed entries whose port lies outside the range. */
  readonly outsideRange: number;
}

/** One-shot entries are young by definition: udp_timeout and icmp_timeout are 30 s, the stream timeout is 120 s. */
const ONE_SHOT_SECONDS = 60;

/** One slot per TCP state number, then one for inbound flows. */
const INBOUND_SLOT = 10;
const STATE_SLOTS = 11;

/** Whether a newer kernel may take a TCP entry over: TIME_WAIT or CLOSE, SNATed, neither fixed nor offloaded, not inbound. */
export function mayBeEvicted(state: number, status: number): boolean {
  return isClosing(state) && (status & (SRC_NAT | FIXED_TIMEOUT | OFFLOADED | INBOUND)) === SRC_NAT;
}

/** Whether an entry other than TCP is an exchange that ends by itself within a minute. */
export function isOneShot(status: number, timeoutSeconds: number): boolean {
  return (status & (ASSURED | INBOUND)) === 0 && timeoutSeconds <= ONE_SHOT_SECONDS;
}

/** Charts one port space; one pass over its rows. */
export function chartPortUse(
  flows: FlowTable,
  space: { readonly row: number; readonly rows: Uint32Array; readonly range: PortRange },
): PortUse {
  const tally = new Tally(flows, {
    protocol: flows.portSpaces.protocol[space.row] ?? 0,
    range: space.range,
    size: space.rows.length,
  });
  for (const row of space.rows) tally.add(row);
  return tally.finish(space.rows);
}

/** Counts one space's entries; a port counts once even when a dump repeats its entry. */
class Tally {
  private readonly occupied = new PortSet();
  private readonly evictable = new PortSet();
  private readonly byState = new Uint32Array(STATE_SLOTS);
  private readonly counts = {
    used: 0,
    evictablePorts: 0,
    closing: 0,
    oneShot: 0,
    remoteClosedFirst: 0,
    outsideRange: 0,
  };
  private readonly protocol: number;
  private readonly range: PortRange;
  private readonly holders: Uint32Array;

  private readonly columns: FlowColumns;

  constructor(
    flows: FlowTable,
    space: { readonly protocol: number; readonly range: PortRange; readonly size: number },
  ) {
    this.columns = flows.flows;
    this.protocol = space.protocol;
    this.range = space.range;
    this.holders = new Uint32Array(space.size);
  }

  add(row: number): void {
    const port = this.columns.port[row] ?? 0;
    const status = this.columns.status[row] ?? 0;
    if (!rangeContains(this.range, port)) {
      if ((status & (SRC_NAT | INBOUND)) === SRC_NAT) this.counts.outsideRange += 1;
      return;
    }
    if (this.occupied.has(port)) return;
    this.occupied.add(port);
    this.holders[this.counts.used] = row;
    this.counts.used += 1;
    this.addState(row, status);
    if (this.protocol === TCP) this.addTcp(row, status);
    else if (isOneShot(status, this.columns.timeoutSeconds[row] ?? 0)) this.counts.oneShot += 1;
  }

  private addState(row: number, status: number): void {
    const state = this.columns.tcpState[row] ?? 0;
    const slot = (status & INBOUND) === 0 ? Math.min(state, INBOUND_SLOT - 1) : INBOUND_SLOT;
    this.byState[slot] = (this.byState[slot] ?? 0) + 1;
  }

  private addTcp(row: number, status: number): void {
    const state = this.columns.tcpState[row] ?? 0;
    if (!isClosing(state)) return;
    this.counts.closing += 1;
    if ((status & REMOTE_CLOSED_FIRST) !== 0) this.counts.remoteClosedFirst += 1;
    if (!mayBeEvicted(state, status)) return;
    this.evictable.add(this.columns.port[row] ?? 0);
    this.counts.evictablePorts += 1;
  }

  finish(rows: Uint32Array): PortUse {
    const { range, occupied, evictable } = this;
    const holders = this.holders.subarray(0, this.counts.used);
    return { rows, holders, range, occupied, evictable, ...this.counts, states: this.states() };
  }

  private states(): Record<string, number> {
    const states: Record<string, number> = {};
    this.byState.forEach((count, slot) => {
      if (count === 0) return;
      const name = slot === INBOUND_SLOT ? 'inbound' : this.protocol === TCP ? tcpStateName(slot) : this.otherName();
      states[name] = count;
    });
    return states;
  }

  private otherName(): string {
    return protocolName(this.protocol).toUpperCase();
  }
}
