// One port space as an allocator keeps it: which ports are occupied, which may be taken over, and by which entry each is held.
import type { Port } from '../../model/port-range.ts';
import { PortSet } from '../../model/port-set.ts';

const NOTHING = new PortSet();
const PAGE = 256;

/** 8 KiB, another 8 once something in it closes, and 1 KiB for each 256 ports of which one was ever held. */
export class HeldPorts {
  readonly protocol: number;
  readonly address: number;
  readonly occupied = new PortSet();
  #evictable = NOTHING;
  /** Entries by port; a page is made when it is needed. */
  readonly #holders: (Int32Array | undefined)[] = [];

  constructor({ protocol, address }: Pick<HeldPorts, 'protocol' | 'address'>) {
    this.protocol = protocol;
    this.address = address;
  }

  /** Ports of TIME_WAIT and CLOSE entries that a new SYN may take over; another set once the first of them closes. */
  get evictable(): PortSet {
    return this.#evictable;
  }

  /** The place of the entry that holds an occupied port; -1 for a port that was never held. */
  holderOf(port: Port): number {
    return this.#holders[port >>> 8]?.[port & (PAGE - 1)] ?? -1;
  }

  occupy(port: Port, holder: number): void {
    let page = this.#holders[port >>> 8];
    if (page === undefined) {
      page = new Int32Array(PAGE).fill(-1);
      this.#holders[port >>> 8] = page;
    }
    page[port & (PAGE - 1)] = holder;
    this.occupied.add(port);
  }

  /** The port's entry is closing and may be taken over. */
  close(port: Port): void {
    if (this.#evictable === NOTHING) this.#evictable = new PortSet();
    this.#evictable.add(port);
  }

  free(port: Port): void {
    this.occupied.delete(port);
    if (this.#evictable !== NOTHING) this.#evictable.delete(port);
  }
}
