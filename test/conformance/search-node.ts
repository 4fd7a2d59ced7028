// A node made of one port search: the reference search or the simulator's finder, with the entries that a kernel would keep.
// It stands for rules that always search a range (random-fully with ports), the only ones these two know.
import type { PortFinder } from '../../src/core/alloc/port-finder.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { PortRange } from '../../src/core/model/port-range.ts';
import { PortSet } from '../../src/core/model/port-set.ts';
import { TCP } from '../../src/core/model/protocol.ts';
import { isClosing } from '../../src/core/model/tcp-state.ts';
import {
  type Fill,
  type Flow,
  type NatNode,
  NODE_ADDRESS,
  type Rule,
  type Space,
  type Translated,
} from './nat-node.ts';

interface SpaceState {
  readonly occupied: PortSet;
  readonly evictable: PortSet;
  readonly holders: Map<number, string>;
}

export class SearchNode implements NatNode {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  found = 0;
  insertFailed = 0;
  readonly #finder: PortFinder;
  readonly #range: PortRange;
  readonly #spaces = new Map<string, SpaceState>();
  readonly #held = new Map<string, { readonly space: SpaceState; readonly port: number }>();

  constructor(rule: Rule, { name, behaviour, finder }: SearchNodeParts) {
    if (rule.range === undefined || rule.random === 'none' || rule.parts !== undefined)
      throw new RangeError(`Cannot use ${name} for this rule: wanted a range that is always searched`);
    this.name = name;
    this.behaviour = behaviour;
    this.#finder = finder;
    this.#range = rule.range;
  }

  open(flow: Flow): boolean {
    const space = this.#space(flow);
    const port = this.#finder.find(space.occupied, space.evictable, this.#range, flow.protocol);
    this.found += this.#finder.found;
    if (port < 0) {
      this.insertFailed += 1;
      return false;
    }
    if (this.#finder.evicted) this.#held.delete(space.holders.get(port) ?? '');
    this.#hold(space, port, keyOf(flow));
    return true;
  }

  close(flow: Flow): void {
    const held = this.#held.get(keyOf(flow));
    if (held === undefined) return;
    held.space.occupied.delete(held.port);
    held.space.evictable.delete(held.port);
    held.space.holders.delete(held.port);
    this.#held.delete(keyOf(flow));
  }

  age(flow: Flow, tcpState: number): void {
    const held = this.#held.get(keyOf(flow));
    if (held !== undefined && isClosing(tcpState)) held.space.evictable.add(held.port);
  }

  translated(flow: Flow): Translated | undefined {
    const held = this.#held.get(keyOf(flow));
    return held === undefined ? undefined : { address: NODE_ADDRESS, port: held.port };
  }

  fill(fill: Fill): void {
    const space = this.#space(fill);
    fill.ports.forEach((port, index) => {
      this.#hold(space, port, `filler ${port}`);
      const state = fill.tcpStates?.[index % fill.tcpStates.length] ?? 0;
      if (fill.protocol === TCP && isClosing(state) && fill.fixed !== true) space.evictable.add(port);
    });
  }

  held(space: Space): PortSet {
    return this.#space(space).occupied;
  }

  dispose(): void {}

  #hold(space: SpaceState, port: number, key: string): void {
    space.occupied.add(port);
    space.evictable.delete(port);
    space.holders.set(port, key);
    this.#held.set(key, { space, port });
  }

  #space({ protocol, remote, remotePort }: Space): SpaceState {
    const key = `${protocol} ${remote} ${remotePort}`;
    let space = this.#spaces.get(key);
    if (space === undefined) {
      space = { occupied: new PortSet(), evictable: new PortSet(), holders: new Map() };
      this.#spaces.set(key, space);
    }
    return space;
  }
}

export interface SearchNodeParts {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  readonly finder: PortFinder;
}

function keyOf(flow: Flow): string {
  return `${flow.protocol} ${flow.source} ${flow.sourcePort} ${flow.remote} ${flow.remotePort}`;
}
