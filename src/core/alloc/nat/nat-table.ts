// The entries of one node's conntrack table as far as port allocation looks at them: who holds which port of which port space.
// Columns instead of objects: entries live long and come and go in any order, which is what garbage collectors are worst at.
import type { Port } from '../../model/port-range.ts';
import { TCP } from '../../model/protocol.ts';
import { HeldPorts } from './held-ports.ts';
import type { HeldTuple, NewFlow } from './nat-translation.ts';
import { SourceIndex, type SourceKey } from './source-index.ts';

/** What makes a port space, but for the address the flows leave with. */
export type Destination = Pick<HeldTuple, 'protocol' | 'remote' | 'remotePort'>;

/** Places there can be; an entry is known by its place and by how often that was used before. */
const PLACES = 2 ** 22;

/** IPS_SRC_NAT: only a translated entry is ever taken over. */
const TRANSLATED = 1;
/** Found by its source when another flow of that source is translated. */
const INDEXED = 2;

/** All entries, found by id, by port space, and by source. Port spaces are kept when their last entry is gone. */
export class NatTable {
  /** By protocol and SNAT address, then by remote. */
  readonly #spaces = new Map<number, Map<number, HeldPorts>>();
  readonly #sources = new SourceIndex();
  readonly #freePlaces: number[] = [];
  #used = 0;
  #capacity = 0;
  readonly #space: (HeldPorts | undefined)[] = [];
  #port = new Uint16Array();
  #flags = new Uint8Array();
  /** How often the place was used before. */
  #turn = new Uint32Array();
  #source = new Float64Array();
  #sourcePort = new Uint16Array();

  /** Entries that hold a port. */
  get size(): number {
    return this.#used - this.#freePlaces.length;
  }

  /** The port space of a destination and an address; an empty one when nothing was in it so far. */
  spaceOf({ protocol, remote, remotePort }: Destination, address: number): HeldPorts {
    const outer = address * 256 + protocol;
    let spaces = this.#spaces.get(outer);
    if (spaces === undefined) {
      spaces = new Map<number, HeldPorts>();
      this.#spaces.set(outer, spaces);
    }
    const inner = remote * 65_536 + remotePort;
    let space = spaces.get(inner);
    if (space === undefined) {
      space = new HeldPorts({ protocol, address });
      spaces.set(inner, space);
    }
    return space;
  }

  /** The newest mapping of the flow's source and port, or the next older one after a place; -1 when there is none. */
  mappingOf(flow: SourceKey, after?: number): number {
    let place = after === undefined ? this.#sources.newest(flow) : this.#sources.older(after);
    while (place >= 0 && !this.#isOf(place, flow)) place = this.#sources.older(place);
    return place;
  }

  #isOf(place: number, { protocol, source, sourcePort }: SourceKey): boolean {
    const isSame = this.#source[place] === source && this.#sourcePort[place] === sourcePort;
    return isSame && this.#space[place]?.protocol === protocol;
  }

  /** Number of the SNAT address of the entry at a place. */
  addressAt(place: number): number {
    return this.#space[place]?.address ?? -1;
  }

  portAt(place: number): Port {
    return this.#port[place] ?? 0;
  }

  /** The id of the entry at a place; -1 for no place. */
  idAt(place: number): number {
    return place < 0 ? -1 : (this.#turn[place] ?? 0) * PLACES + place;
  }

  /** Where an entry is; -1 when it is gone. */
  placeOf(id: number): number {
    const place = id % PLACES;
    return id >= 0 && this.#space[place] !== undefined && this.idAt(place) === id ? place : -1;
  }

  /** Makes the entry of a flow that was translated to this port, which must be free; gives its id. */
  addTranslated(space: HeldPorts, { flow, port }: { readonly flow: NewFlow; readonly port: Port }): number {
    const place = this.#add(space, { port, flags: TRANSLATED | INDEXED });
    this.#source[place] = flow.source;
    this.#sourcePort[place] = flow.sourcePort;
    this.#sources.add(place, flow);
    return this.idAt(place);
  }

  /** Makes an entry that no source is looked up by: an inbound one, or one of the node itself; gives its id. */
  addOther(space: HeldPorts, { port, isTranslated }: { readonly port: Port; readonly isTranslated: boolean }): number {
    return this.idAt(this.#add(space, { port, flags: isTranslated ? TRANSLATED : 0 }));
  }

  #add(space: HeldPorts, { port, flags }: { readonly port: Port; readonly flags: number }): number {
    const place = this.#freePlaces.pop() ?? this.#newPlace();
    this.#space[place] = space;
    this.#port[place] = port;
    this.#flags[place] = flags;
    space.occupy(port, place);
    return place;
  }

  #newPlace(): number {
    if (this.#used >= PLACES) throw new RangeError(`Cannot add an entry: ${PLACES} are held, wanted fewer`);
    if (this.#used === this.#capacity) this.#grow(Math.max(1024, this.#capacity * 2));
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(capacity: number): void {
    const [port, flags, turn] = [new Uint16Array(capacity), new Uint8Array(capacity), new Uint32Array(capacity)];
    const [source, sourcePort] = [new Float64Array(capacity), new Uint16Array(capacity)];
    port.set(this.#port);
    flags.set(this.#flags);
    turn.set(this.#turn);
    source.set(this.#source);
    sourcePort.set(this.#sourcePort);
    [this.#port, this.#flags, this.#turn, this.#source, this.#sourcePort] = [port, flags, turn, source, sourcePort];
    this.#sources.grow(capacity);
    this.#capacity = capacity;
  }

  /** TIME_WAIT or CLOSE: a translated TCP entry may now be taken over. */
  close(place: number): void {
    const space = this.#space[place];
    if (space?.protocol === TCP && ((this.#flags[place] ?? 0) & TRANSLATED) !== 0) space.close(this.portAt(place));
  }

  /** The entry is gone and its port free. */
  remove(place: number): void {
    this.#space[place]?.free(this.portAt(place));
    if (((this.#flags[place] ?? 0) & INDEXED) !== 0) this.#sources.remove(place);
    this.#space[place] = undefined;
    this.#turn[place] = (this.#turn[place] ?? 0) + 1;
    this.#freePlaces.push(place);
  }
}
