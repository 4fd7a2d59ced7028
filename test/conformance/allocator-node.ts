// Portolan's NAT allocator as a node under test: texts become numbers, and sequence numbers decide what is ahead.
import { NatAllocator } from '../../src/core/alloc/nat/nat-allocator.ts';
import type { Allocation, HeldTuple, NatTranslation, NewFlow } from '../../src/core/alloc/nat/nat-translation.ts';
import { partsBySize } from '../../src/core/alloc/capacity/port-pool.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { Random } from '../../src/core/alloc/reference-search.ts';
import type { PortSet } from '../../src/core/model/port-set.ts';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import { isClosing } from '../../src/core/model/tcp-state.ts';
import {
  type Fill,
  type Flow,
  type NatNode,
  NODE_ADDRESS,
  NODE_ADDRESS_6,
  type Rule,
  type Space,
  type Translated,
} from './nat-node.ts';

/** Source of hand-made entries. */
const FILLER = '10.244.255.1';

interface Entry {
  readonly id: number;
  readonly translated: Translated;
}

export class AllocatorNode implements NatNode {
  readonly name = 'allocator';
  readonly behaviour: SearchBehaviour;
  found = 0;
  insertFailed = 0;
  readonly #random: Random;
  readonly #allocator: NatAllocator;
  readonly #rule: NatTranslation;
  readonly #addresses: readonly string[];
  readonly #numbers = new Map<string, number>();
  readonly #entries = new Map<string, Entry>();
  /** Entry to the sequence number after its SYN (td_end); hand-made ones end at 0. */
  readonly #ends = new Map<number, number>();
  /** The same of the SYN that is being sent. */
  #end = 0;

  constructor(rule: Rule, { behaviour, random }: { readonly behaviour: SearchBehaviour; readonly random: Random }) {
    this.behaviour = behaviour;
    this.#random = random;
    this.#addresses = addressesOf(rule);
    this.#rule = translationOf(rule, this.#addresses.length);
    const isAhead = (entry: number): boolean => ((this.#end - (this.#ends.get(entry) ?? 0)) | 0) > 0;
    this.#allocator = new NatAllocator(behaviour, random, { isAhead });
  }

  open(flow: Flow): boolean {
    this.#end = ((flow.sequence ?? Math.floor(this.#random() * 0x1_0000_0000)) + 1) | 0;
    if (flow.remote === NODE_ADDRESS) return this.#arrive(flow);
    const outcome =
      flow.source === NODE_ADDRESS
        ? this.#allocator.bind(this.#tuple(flow, flow.sourcePort))
        : this.#allocator.allocate(this.#numbered(flow), this.#ruleFor(flow));
    this.found += outcome.found;
    if (outcome.dropped) this.insertFailed += 1;
    else this.#note(flow, outcome);
    return !outcome.dropped;
  }

  close(flow: Flow): void {
    const entry = this.#entries.get(keyOf(flow));
    if (entry !== undefined) this.#allocator.release(entry.id);
    this.#entries.delete(keyOf(flow));
  }

  age(flow: Flow, tcpState: number): void {
    const entry = this.#entries.get(keyOf(flow));
    if (entry !== undefined && isClosing(tcpState)) this.#allocator.close(entry.id);
  }

  translated(flow: Flow): Translated | undefined {
    return this.#entries.get(keyOf(flow))?.translated;
  }

  occupy(fill: Fill): void {
    fill.ports.forEach((port, index) => {
      const onePort = partsBySize([{ first: port, last: port }]);
      const flow = { ...fill, source: FILLER, sourcePort: port };
      const { entry } = this.#allocator.allocate(this.#numbered(flow), {
        parts: onePort,
        random: 'random-fully',
        addresses: 1,
        addressChoice: 'hash',
      });
      const state = fill.tcpStates?.[index % fill.tcpStates.length] ?? 0;
      if (isClosing(state) && fill.fixed !== true) this.#allocator.close(entry);
    });
  }

  held(space: Space): PortSet {
    const address = space.address === undefined ? 0 : this.#addresses.indexOf(space.address);
    const { protocol, remotePort } = space;
    return this.#allocator.portsOf({ protocol, address, remote: this.#number(space.remote), remotePort }).occupied;
  }

  dispose(): void {}

  #arrive(flow: Flow): boolean {
    const { protocol, sourcePort, remotePort } = flow;
    const remote = this.#number(flow.source);
    const id = this.#allocator.hold({ protocol, address: 0, port: remotePort, remote, remotePort: sourcePort });
    if (id >= 0) this.#entries.set(keyOf(flow), { id, translated: { address: NODE_ADDRESS, port: remotePort } });
    return id >= 0;
  }

  #note(flow: Flow, { entry, address, port }: Allocation): void {
    const text = flow.remote.includes(':') ? NODE_ADDRESS_6 : (this.#addresses[address] ?? '');
    this.#entries.set(keyOf(flow), { id: entry, translated: { address: text, port } });
    this.#ends.set(entry, this.#end);
  }

  /** Rules with ports take TCP and UDP only; everything else is masqueraded. */
  #ruleFor({ protocol }: Flow): NatTranslation {
    return protocol === TCP || protocol === UDP ? this.#rule : { ...this.#rule, parts: undefined, addresses: 1 };
  }

  #numbered({ protocol, source, sourcePort, remote, remotePort }: Flow): NewFlow {
    return { protocol, source: this.#number(source), sourcePort, remote: this.#number(remote), remotePort };
  }

  #tuple({ protocol, remote, remotePort }: Flow, port: number): HeldTuple {
    return { protocol, address: 0, port, remote: this.#number(remote), remotePort };
  }

  #number(address: string): number {
    let number = this.#numbers.get(address);
    if (number === undefined) this.#numbers.set(address, (number = numberOf(address, this.#numbers.size)));
    return number;
  }
}

/** IPv4 as a little-endian node reads it, so that addresses are hashed as there; IPv6 counted up. */
function numberOf(address: string, known: number): number {
  if (address.includes(':')) return known + 1;
  const bytes = address.split('.').map(Number);
  return bytes.reduceRight((word, byte) => word * 256 + byte, 0);
}

function keyOf(flow: Flow): string {
  return `${flow.protocol} ${flow.source} ${flow.sourcePort} ${flow.remote} ${flow.remotePort}`;
}

/** SNAT addresses by number. */
function addressesOf({ addresses, parts = [] }: Rule): readonly string[] {
  const named = parts.flatMap(({ address }) => (address === undefined ? [] : [address]));
  if (named.length > 0) return named;
  if (addresses === undefined) return [NODE_ADDRESS];
  const [first = NODE_ADDRESS, last = first] = addresses;
  const [network, start, end] = [first.slice(0, first.lastIndexOf('.')), lastByte(first), lastByte(last)];
  return Array.from({ length: end - start + 1 }, (_, index) => `${network}.${start + index}`);
}

function lastByte(address: string): number {
  return Number(address.slice(address.lastIndexOf('.') + 1));
}

function translationOf({ parts, range, random, persistent }: Rule, addresses: number): NatTranslation {
  const [first] = parts ?? [];
  if (parts === undefined || first === undefined)
    return {
      parts: range && partsBySize([range]),
      random,
      addresses,
      addressChoice: persistent === true ? 'persistent' : 'hash',
    };
  if (first.address !== undefined)
    return { parts: partsBySize([first.range]), random, addresses, addressChoice: 'random' };
  return { parts, random, addresses, addressChoice: 'hash' };
}
