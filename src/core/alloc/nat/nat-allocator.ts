// Source NAT of new flows as the kernel does it, from keeping a flow's own port to the packet that is dropped.
import type { NatRandom } from '../../model/nat-rule.ts';
import type { Port } from '../../model/port-range.ts';
import type { HeldPorts } from './held-ports.ts';
import { PlaceFinder, type Place } from './nat-place.ts';
import { NatTable } from './nat-table.ts';
import type { Allocation, HeldTuple, NatTranslation, NewFlow } from './nat-translation.ts';
import { createPortFinder, type PortFinder } from '../port-finder.ts';
import type { SearchBehaviour } from '../port-search.ts';
import type { Random } from '../reference-search.ts';
import { drawTarget } from './rule-target.ts';

export interface NatAllocatorOptions {
  /**
   * Whether a new SYN lies ahead of the end of this closing entry in sequence space, so that it may be taken over; asked once for
   * each one that is met. A fair coin when absent: initial sequence numbers of different clients are unrelated.
   */
  readonly isAhead?: (entry: number) => boolean;
}

/**
 * Gives new flows their SNAT address and port, on a table of its own, one packet at a time: there is no confirm race.
 *
 * IPv4 and IPv6 are the same code in the kernel and here. A flow that is allocated must be new: for a SYN that reopens its own
 * closing entry, release that one first, as the kernel kills it. Since 6.12 a datagram flow that is NOT translated may share its
 * tuple with its reverse twin born on another CPU (nf_nat_used_tuple_new); no translated flow meets that, so it is left out.
 */
export class NatAllocator {
  readonly #random: Random;
  readonly #table = new NatTable();
  readonly #places: PlaceFinder;

  /** `random` gives numbers in [0, 1), drawn in this order: address, part, then the search's starts and coins. */
  constructor(behaviour: SearchBehaviour, random: Random, { isAhead }: NatAllocatorOptions = {}) {
    this.#random = random;
    const rovers = new Uint16Array(256);
    const ask = isAhead && ((port: Port) => isAhead(this.#table.idAt(this.#places.searched?.holderOf(port) ?? -1)));
    const finder = (flags: NatRandom): PortFinder =>
      createPortFinder(behaviour, random, { flags, rovers, ...(ask && { isAhead: ask }) });
    const finders = { none: finder('none'), random: finder('random'), 'random-fully': finder('random-fully') };
    this.#places = new PlaceFinder({ behaviour, table: this.#table, finders });
  }

  /** Entries that hold a port. */
  get entries(): number {
    return this.#table.size;
  }

  /** What one port space holds now. The sets follow the table, `evictable` only once an entry of the space has closed. */
  portsOf(tuple: Omit<HeldTuple, 'port'>): Pick<HeldPorts, 'occupied' | 'evictable'> {
    const { occupied, evictable } = this.#table.spaceOf(tuple, tuple.address);
    return { occupied, evictable };
  }

  /** Translates the first packet of a flow and confirms it. */
  allocate(flow: NewFlow, rule: NatTranslation): Allocation {
    const place = this.#places.translated(flow, { target: drawTarget(rule, this.#random), rule });
    return this.#confirm(place, () => this.#table.addTranslated(place.space, { flow, port: place.port }));
  }

  /**
   * Confirms a flow that the node itself opens from one of the SNAT addresses, where a NAT chain exists (nf_nat_alloc_null_binding):
   * it keeps its port if that is free and otherwise gets another of the port's class, whatever range the rules name. A taken port is
   * looked up three times on the way (found: at LOCAL_OUT, and twice at POSTROUTING; seen on Linux 6.18).
   */
  bind(tuple: HeldTuple): Allocation {
    const place = this.#places.ownOrNear(this.#table.spaceOf(tuple, tuple.address), tuple.port);
    const isTranslated = place.port !== tuple.port;
    return this.#confirm(place, () => this.#table.addOther(place.space, { port: place.port, isTranslated }));
  }

  /**
   * Notes an entry whose source is not translated: a connection that the remote opened to this node, or one of the node itself from
   * before. It is never taken over.
   * @returns the entry; -1 when the tuple is held already, which makes the packet a reply to that flow.
   */
  hold(tuple: HeldTuple): number {
    const space = this.#table.spaceOf(tuple, tuple.address);
    if (space.occupied.has(tuple.port)) return -1;
    return this.#table.addOther(space, { port: tuple.port, isTranslated: false });
  }

  /** The entry is TIME_WAIT or CLOSE from now on: a translated TCP one may be taken over. False when it is gone. */
  close(entry: number): boolean {
    const place = this.#table.placeOf(entry);
    if (place >= 0) this.#table.close(place);
    return place >= 0;
  }

  /** The entry has expired or was deleted. False when it was gone already, taken over for instance. */
  release(entry: number): boolean {
    const place = this.#table.placeOf(entry);
    if (place >= 0) this.#table.remove(place);
    return place >= 0;
  }

  /** __nf_conntrack_confirm: the entry is made unless the tuple is held; what is taken over is gone by then (nf_ct_kill). */
  #confirm({ space, port, kept, evicts }: Place, add: () => number): Allocation {
    const evictedEntry = this.#table.idAt(evicts);
    if (evicts >= 0) this.#table.remove(evicts);
    const dropped = port < 0 || space.occupied.has(port);
    return {
      address: space.address,
      port,
      kept,
      evicted: evicts >= 0,
      evictedEntry,
      found: this.#places.found,
      dropped,
      entry: dropped ? -1 : add(),
    };
  }
}
