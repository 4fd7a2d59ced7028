// One port space of a simulated node: which ports are held, which of them a new SYN may take over, and who holds them.
import { PortSet } from '../core/model/port-set.ts';
import type { PortMaps, SpaceGroup } from './space-group.ts';
import { newWindowCount } from './window-count.ts';

const PORTS = 65_536;

export class SimSpace implements PortMaps {
  /** Among all port spaces of the cluster. */
  readonly row: number;
  /** Which of the node's SNAT addresses. */
  readonly address: number;
  readonly group: SpaceGroup;
  readonly occupied = new PortSet();
  readonly evictable = new PortSet();
  readonly opened = newWindowCount();
  #serverHolds: Int32Array | undefined;
  #holders: Int32Array | undefined;

  constructor(row: number, place: { readonly group: SpaceGroup; readonly address: number }) {
    this.row = row;
    this.group = place.group;
    this.address = place.address;
  }

  /** Notes that the server closed first and keeps TIME_WAIT for this port. */
  holdAtServer(port: number, untilTick: number): void {
    this.#serverHolds ??= new Int32Array(PORTS);
    this.#serverHolds[port] = untilTick;
  }

  /** Whether the server may refuse a new connection from this port. */
  isHeldAtServer(port: number, tick: number): boolean {
    return this.#serverHolds !== undefined && (this.#serverHolds[port] ?? 0) > tick;
  }

  /** Notes who holds a port, once anybody asked: most port spaces never see a take-over. */
  noteHolder(port: number, flow: number): void {
    if (this.#holders !== undefined) this.#holders[port] = flow;
  }

  /** The flow on an evictable port; `collect` goes through all flows of this space, once in its life. */
  holderOf(port: number, collect: (note: (port: number, flow: number) => void) => void): number {
    if (this.#holders === undefined) {
      const holders = new Int32Array(PORTS);
      collect((held, flow) => (holders[held] = flow));
      this.#holders = holders;
    }
    return this.#holders[port] ?? 0;
  }
}
