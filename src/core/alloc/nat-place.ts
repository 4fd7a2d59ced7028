// Where one new flow is to go: its own port, the mapping its source port has already, or a port that is searched.
// Source: get_unique_tuple in net/netfilter/nf_nat_core.c, the same steps from 4.x to 7.x; only the search differs (PortFinder).
import type { NatRandom } from '../model/nat-rule.ts';
import { type Port, type PortRange, rangeContains } from '../model/port-range.ts';
import type { HeldPorts, NatEntry, NatTable } from './nat-table.ts';
import type { NatTranslation, NewFlow } from './nat-translation.ts';
import type { PortFinder } from './port-finder.ts';
import type { SearchBehaviour } from './port-search.ts';
import type { RuleTarget } from './rule-target.ts';
import { hasPorts, searchRange } from './search-range.ts';
import { hashedAddress } from './snat-address.ts';

/** Where a flow is to go before its entry is confirmed. */
export interface Place {
  readonly space: HeldPorts;
  /** -1 when the search gave up. */
  readonly port: Port;
  /** Whether it was not searched for. */
  readonly kept: boolean;
  /** The closing entry that makes room. */
  readonly evicts?: NatEntry;
}

/** What a place is looked for with. */
interface Wanted {
  readonly protocol: number;
  readonly sourcePort: Port;
  readonly range: PortRange | undefined;
}

export interface PlaceFinderParts {
  readonly behaviour: SearchBehaviour;
  readonly table: NatTable;
  readonly finders: Readonly<Record<NatRandom, PortFinder>>;
}

/** Finds places in one table; `found` and `searched` are of the flow that was placed last. */
export class PlaceFinder {
  /** What the kernel has added to its counter `found`. */
  found = 0;
  /** The port space that is being searched. */
  searched: HeldPorts | undefined;
  readonly #parts: PlaceFinderParts;

  constructor(parts: PlaceFinderParts) {
    this.#parts = parts;
  }

  /** The place of a flow that a rule translates. */
  translated(flow: NewFlow, { target, rule }: { readonly target: RuleTarget; readonly rule: NatTranslation }): Place {
    this.found = 0;
    const { protocol, sourcePort } = flow;
    const wanted = { protocol, sourcePort, range: target.range };
    const mapped = rule.random === 'none' ? this.#sameMapping(flow, target) : undefined;
    if (mapped !== undefined) return mapped;
    const address = chooseAddress(flow, { target, rule });
    const space = this.#parts.table.spaceOf({ ...flow, address });
    if (rule.random === 'none' && this.#mayKeep(space, wanted)) return { space, port: sourcePort, kept: true };
    return this.#search(space, { ...wanted, random: rule.random });
  }

  /** The place of a flow of the node itself: its own port, or one of that port's class, whatever range the rules name. */
  ownOrNear(space: HeldPorts, sourcePort: Port): Place {
    this.found = 0;
    if (!this.#isTaken(space, sourcePort)) return { space, port: sourcePort, kept: true };
    // The kernel looks again once it has chosen the address, the only one there is.
    this.found += 1;
    return this.#search(space, { protocol: space.protocol, sourcePort, range: undefined, random: 'none' });
  }

  /**
   * find_appropriate_src: a source port that is mapped already, towards whatever remote, keeps that mapping towards this one too.
   * The newest mapping that the rule allows is looked at, and no other when that one is taken.
   */
  #sameMapping(flow: NewFlow, { range, firstAddress, lastAddress }: RuleTarget): Place | undefined {
    const { table } = this.#parts;
    for (let entry = table.newestOf(flow); entry !== undefined; entry = entry.older) {
      const { port } = entry;
      const { address } = entry.space;
      if (address < firstAddress || address > lastAddress || !allows(range, flow.protocol, port)) continue;
      const space = table.spaceOf({ ...flow, address });
      return this.#isTaken(space, port) ? undefined : { space, port, kept: true };
    }
    return undefined;
  }

  /** Its own port, when the range allows it and it is free; where the range is one port, without a look whether that is free. */
  #mayKeep(space: HeldPorts, { protocol, sourcePort, range }: Wanted): boolean {
    if (!allows(range, protocol, sourcePort)) return false;
    return (range !== undefined && range.first === range.last) || !this.#isTaken(space, sourcePort);
  }

  #search(space: HeldPorts, { random, ...wanted }: Wanted & { readonly random: NatRandom }): Place {
    const range = searchRange({ ...wanted, behaviour: this.#parts.behaviour });
    if (range === undefined) return { space, port: wanted.sourcePort, kept: true };
    const finder = this.#parts.finders[random];
    this.searched = space;
    const port = finder.find(space.occupied, space.evictable, range, wanted.protocol);
    this.found += finder.found;
    const evicts = finder.evicted ? space.holders.get(port) : undefined;
    return { space, port, kept: false, ...(evicts && { evicts }) };
  }

  /** nf_nat_used_tuple: a look at one tuple, counted when it is taken. */
  #isTaken(space: HeldPorts, port: Port): boolean {
    const isTaken = space.occupied.has(port);
    if (isTaken) this.found += 1;
    return isTaken;
  }
}

/** l4proto_in_range: a protocol without ports is in every range. */
function allows(range: PortRange | undefined, protocol: number, port: Port): boolean {
  return range === undefined || !hasPorts(protocol) || rangeContains(range, port);
}

/** find_best_ips_proto. */
function chooseAddress(flow: NewFlow, { target, rule }: { target: RuleTarget; rule: NatTranslation }): number {
  const { firstAddress, lastAddress } = target;
  const addresses = lastAddress - firstAddress + 1;
  if (addresses === 1 || rule.addressChoice === 'random') return firstAddress;
  return firstAddress + hashedAddress(flow, { addresses, choice: rule.addressChoice });
}
