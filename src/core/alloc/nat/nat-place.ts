// Where one new flow is to go: its own port, the mapping its source port has already, or a port that is searched.
// Source: get_unique_tuple in net/netfilter/nf_nat_core.c, the same steps from 4.x to 7.x; only the search differs (PortFinder).
import type { NatRandom } from '../../model/nat-rule.ts';
import { type Port, type PortRange, rangeContains } from '../../model/port-range.ts';
import type { HeldPorts } from './held-ports.ts';
import type { NatTable } from './nat-table.ts';
import type { NatTranslation, NewFlow } from './nat-translation.ts';
import type { PortFinder } from '../port-finder.ts';
import type { SearchBehaviour } from '../port-search.ts';
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
  /** Where in the table the closing entry is that makes room; -1 for none. */
  readonly evicts: number;
}

/** What a place is looked for with. */
interface Wanted {
  readonly protocol: number;
  readonly sourcePort: Port;
  readonly range: PortRange | undefined;
  readonly random: NatRandom;
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
    const wanted = { protocol, sourcePort, range: target.range, random: rule.random };
    const mapped = rule.random === 'none' ? this.#sameMapping(flow, target) : undefined;
    if (mapped !== undefined) return mapped;
    const space = this.#parts.table.spaceOf(flow, chooseAddress(flow, { target, rule }));
    if (rule.random === 'none' && this.#mayKeep(space, wanted)) return keep(space, sourcePort);
    return this.#search(space, wanted);
  }

  /** The place of a flow of the node itself: its own port, or one of that port's class, whatever range the rules name. */
  ownOrNear(space: HeldPorts, sourcePort: Port): Place {
    this.found = 0;
    if (!this.#isTaken(space, sourcePort)) return keep(space, sourcePort);
    // The kernel has looked before, at LOCAL_OUT where nothing rewrites the destination, and looks again with the address chosen.
    this.found += 2;
    return this.#search(space, { protocol: space.protocol, sourcePort, range: undefined, random: 'none' });
  }

  /**
   * find_appropriate_src: a source port that is mapped already, towards whatever remote, keeps that mapping towards this one too.
   * The newest mapping that the rule allows is looked at, and no other when that one is taken.
   */
  #sameMapping(flow: NewFlow, { range, firstAddress, lastAddress }: RuleTarget): Place | undefined {
    const { table } = this.#parts;
    for (let place = table.mappingOf(flow); place >= 0; place = table.mappingOf(flow, place)) {
      const [address, port] = [table.addressAt(place), table.portAt(place)];
      if (address < firstAddress || address > lastAddress || !allows(range, flow.protocol, port)) continue;
      const space = table.spaceOf(flow, address);
      return this.#isTaken(space, port) ? undefined : keep(space, port);
    }
    return undefined;
  }

  /** Its own port, when the range allows it and it is free; where the range is one port, without a look whether that is free. */
  #mayKeep(space: HeldPorts, { protocol, sourcePort, range }: Wanted): boolean {
    if (!allows(range, protocol, sourcePort)) return false;
    return (range !== undefined && range.first === range.last) || !this.#isTaken(space, sourcePort);
  }

  #search(space: HeldPorts, { protocol, sourcePort, range, random }: Wanted): Place {
    const { behaviour, finders } = this.#parts;
    const candidates = searchRange({ protocol, sourcePort, range, behaviour });
    if (candidates === undefined) return keep(space, sourcePort);
    const finder = finders[random];
    this.searched = space;
    const port = finder.find(space.occupied, space.evictable, candidates, protocol);
    this.found += finder.found;
    return { space, port, kept: false, evicts: finder.evicted ? space.holderOf(port) : -1 };
  }

  /** nf_nat_used_tuple: a look at one tuple, counted when it is taken. */
  #isTaken(space: HeldPorts, port: Port): boolean {
    const isTaken = space.occupied.has(port);
    if (isTaken) this.found += 1;
    return isTaken;
  }
}

function keep(space: HeldPorts, port: Port): Place {
  return { space, port, kept: true, evicts: -1 };
}

/** l4proto_in_range: a protocol without ports is in every range. */
function allows(range: PortRange | undefined, protocol: number, port: Port): boolean {
  return range === undefined || !hasPorts(protocol) || rangeContains(range, port);
}

/** find_best_ips_proto. */
function chooseAddress(flow: NewFlow, { target, rule }: { target: RuleTarget; rule: NatTranslation }): number {
  const { firstAddress, lastAddress } = target;
  if (rule.addressChoice === 'random') return firstAddress;
  const addresses = lastAddress - firstAddress + 1;
  return firstAddress + hashedAddress(flow, { addresses, choice: rule.addressChoice });
}
