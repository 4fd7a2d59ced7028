// The entries of one node's conntrack table as far as port allocation looks at them: who holds which port of which port space.
import type { Port } from '../model/port-range.ts';
import { PortSet } from '../model/port-set.ts';
import { TCP } from '../model/protocol.ts';
import type { HeldTuple, NewFlow } from './nat-translation.ts';

const NOTHING = new PortSet();

/** One port space: 8 KiB, twice that once something in it closes. It is kept when its last entry is gone. */
export class HeldPorts {
  readonly address: number;
  readonly protocol: number;
  readonly occupied = new PortSet();
  /** Ports of TIME_WAIT and CLOSE entries that a new SYN may take over. */
  evictable = NOTHING;
  readonly holders = new Map<Port, NatEntry>();

  constructor({ address, protocol }: Pick<HeldTuple, 'address' | 'protocol'>) {
    this.address = address;
    this.protocol = protocol;
  }
}

/** One entry that holds a port. */
export interface NatEntry {
  readonly id: number;
  readonly space: HeldPorts;
  readonly port: Port;
  /** IPS_SRC_NAT: only a translated entry is ever taken over. */
  readonly isTranslated: boolean;
  /** Entries of one source port, the newest first, as nf_nat_bysource lists them. */
  readonly sources?: SourcePorts;
  readonly sourceKey: number;
  newer: NatEntry | undefined;
  older: NatEntry | undefined;
}

/** The newest entry of each source and source port, for one protocol. */
type SourcePorts = Map<number, NatEntry>;

/** All entries, found by id, by port space, and by source. */
export class NatTable {
  readonly #entries = new Map<number, NatEntry>();
  /** By protocol and SNAT address, then by remote. */
  readonly #spaces = new Map<number, Map<number, HeldPorts>>();
  /** By protocol, then by source and source port. */
  readonly #sources = new Map<number, SourcePorts>();
  #nextId = 0;

  /** Entries that hold a port. */
  get size(): number {
    return this.#entries.size;
  }

  /** The port space of a tuple; an empty one when nothing was in it so far. */
  spaceOf(tuple: Pick<HeldTuple, 'protocol' | 'address' | 'remote' | 'remotePort'>): HeldPorts {
    const outer = tuple.address * 256 + tuple.protocol;
    const spaces = this.#spaces.get(outer) ?? new Map<number, HeldPorts>();
    this.#spaces.set(outer, spaces);
    const inner = tuple.remote * 65_536 + tuple.remotePort;
    const space = spaces.get(inner) ?? new HeldPorts(tuple);
    spaces.set(inner, space);
    return space;
  }

  /** The newest entry with the flow's protocol, source and source port; `older` leads on. */
  newestOf({ protocol, source, sourcePort }: NewFlow): NatEntry | undefined {
    return this.#sources.get(protocol)?.get(source * 65_536 + sourcePort);
  }

  entry(id: number): NatEntry | undefined {
    return this.#entries.get(id);
  }

  /** Makes the entry of a flow that was translated to this port, which must be free. */
  addTranslated(space: HeldPorts, { flow, port }: { readonly flow: NewFlow; readonly port: Port }): NatEntry {
    const sources = this.#sources.get(flow.protocol) ?? new Map<number, NatEntry>();
    this.#sources.set(flow.protocol, sources);
    const sourceKey = flow.source * 65_536 + flow.sourcePort;
    const older = sources.get(sourceKey);
    const entry = { id: this.#nextId, space, port, isTranslated: true, sources, sourceKey, newer: undefined, older };
    if (older !== undefined) older.newer = entry;
    sources.set(sourceKey, entry);
    return this.#add(entry);
  }

  /** Makes an entry that no source is looked up by: an inbound one, or one of the node itself. */
  addOther(space: HeldPorts, { port, isTranslated }: Pick<NatEntry, 'port' | 'isTranslated'>): NatEntry {
    return this.#add({ id: this.#nextId, space, port, isTranslated, sourceKey: 0, newer: undefined, older: undefined });
  }

  #add(entry: NatEntry): NatEntry {
    this.#nextId += 1;
    this.#entries.set(entry.id, entry);
    entry.space.occupied.add(entry.port);
    entry.space.holders.set(entry.port, entry);
    return entry;
  }

  /** TIME_WAIT or CLOSE: a translated TCP entry may now be taken over. */
  close({ space, port, isTranslated }: NatEntry): void {
    if (space.protocol !== TCP || !isTranslated) return;
    if (space.evictable === NOTHING) space.evictable = new PortSet();
    space.evictable.add(port);
  }

  /** The entry is gone and its port free. */
  remove(entry: NatEntry): void {
    const { space, port } = entry;
    this.#entries.delete(entry.id);
    space.occupied.delete(port);
    space.holders.delete(port);
    if (space.evictable !== NOTHING) space.evictable.delete(port);
    this.#unlink(entry);
  }

  #unlink({ sources, sourceKey, newer, older }: NatEntry): void {
    if (older !== undefined) older.newer = newer;
    if (newer !== undefined) newer.older = older;
    else if (older !== undefined) sources?.set(sourceKey, older);
    else sources?.delete(sourceKey);
  }
}
