// One port space of a simulated node: who holds which port, and what a new SYN may take over.
import type { PortRange } from '../core/model/port-range.ts';
import { PortSet } from '../core/model/port-set.ts';
import type { WindowCount } from './window-count.ts';
import { newWindowCount } from './window-count.ts';

const PORTS = 65_536;

/** Where a port space lies, as row numbers. */
export interface SpacePlace {
  readonly row: number;
  readonly node: number;
  readonly destination: number;
  /** Which of the node's SNAT addresses. */
  readonly address: number;
}

export class SimSpace {
  readonly place: SpacePlace;
  readonly occupied = new PortSet();
  /** Occupied by an entry that a new SYN may take over. */
  readonly evictable = new PortSet();
  /** Ports of the range in force that are occupied. */
  used = 0;
  /** Of them evictable. */
  evictableUsed = 0;
  readonly opened: WindowCount = newWindowCount();
  /** Tick until which the server keeps TIME_WAIT for a port, and refuses an early reuse. */
  #serverHolds: Int32Array | undefined;
  #holders: Int32Array | undefined;

  constructor(place: SpacePlace) {
    this.place = place;
  }

  /** Counts the ports in use anew: the range was changed. */
  recount(ranges: readonly PortRange[]): void {
    this.used = countIn(this.occupied, ranges);
    this.evictableUsed = countIn(this.evictable, ranges);
  }

  /** Notes that the server closed first and keeps TIME_WAIT. */
  holdAtServer(port: number, untilTick: number): void {
    this.#serverHolds ??= new Int32Array(PORTS);
    this.#serverHolds[port] = untilTick;
  }

  isHeldAtServer(port: number, tick: number): boolean {
    return this.#serverHolds !== undefined && (this.#serverHolds[port] ?? 0) > tick;
  }

  /** Notes who holds a port, once anybody asks: most port spaces never see a take-over. */
  noteHolder(port: number, flow: number): void {
    if (this.#holders !== undefined) this.#holders[port] = flow;
  }

  /** The flow on a port; `find` goes through all flows of this space, once in its life. */
  holderOf(port: number, find: (note: (port: number, flow: number) => void) => void): number {
    if (this.#holders === undefined) {
      const holders = new Int32Array(PORTS);
      find((held, flow) => (holders[held] = flow));
      this.#holders = holders;
    }
    return this.#holders[port] ?? 0;
  }
}

function countIn(ports: PortSet, ranges: readonly PortRange[]): number {
  return ranges.reduce((total, range) => total + ports.count(range), 0);
}
