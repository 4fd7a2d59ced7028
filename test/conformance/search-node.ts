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

interface SpaceState extends Space {
  readonly occupied: PortSet;
  readonly evictable: PortSet;
  /** Port to the number of the flow that holds it, and back. */
  readonly holders: Map<number, number>;
  readonly ports: Map<number, number>;
}

export class SearchNode implements NatNode {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  found = 0;
  insertFailed = 0;
  readonly #finder: PortFinder;
  readonly #range: PortRange;
  readonly #spaces: SpaceState[] = [];
  /** Numbers of the pods seen; a flow's number in its port space is made of its pod's and its own port. */
  readonly #pods = new Map<string, number>();

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
    this.#hold(space, port, this.#number(flow));
    return true;
  }

  close(flow: Flow): void {
    const space = this.#space(flow);
    const number = this.#number(flow);
    const port = space.ports.get(number);
    if (port === undefined) return;
    space.occupied.delete(port);
    space.evictable.delete(port);
    space.holders.delete(port);
    space.ports.delete(number);
  }

  age(flow: Flow, tcpState: number): void {
    const space = this.#space(flow);
    const port = space.ports.get(this.#number(flow));
    if (port !== undefined && isClosing(tcpState)) space.evictable.add(port);
  }

  translated(flow: Flow): Translated | undefined {
    const port = this.#space(flow).ports.get(this.#number(flow));
    return port === undefined ? undefined : { address: NODE_ADDRESS, port };
  }

  occupy(fill: Fill): void {
    const space = this.#space(fill);
    fill.ports.forEach((port, index) => {
      this.#hold(space, port, -port);
      const state = fill.tcpStates?.[index % fill.tcpStates.length] ?? 0;
      if (fill.protocol === TCP && isClosing(state) && fill.fixed !== true) space.evictable.add(port);
    });
  }

  held(space: Space): PortSet {
    return this.#space(space).occupied;
  }

  dispose(): void {}

  /** Whoever held the port has lost it. */
  #hold(space: SpaceState, port: number, number: number): void {
    const before = space.holders.get(port);
    if (before !== undefined) space.ports.delete(before);
    space.occupied.add(port);
    space.evictable.delete(port);
    space.holders.set(port, number);
    space.ports.set(number, port);
  }

  #number({ source, sourcePort }: Flow): number {
    let pod = this.#pods.get(source);
    if (pod === undefined) this.#pods.set(source, (pod = this.#pods.size + 1));
    return pod * 65_536 + sourcePort;
  }

  #space({ protocol, remote, remotePort }: Space): SpaceState {
    for (const space of this.#spaces)
      if (space.protocol === protocol && space.remotePort === remotePort && space.remote === remote) return space;
    const space: SpaceState = {
      protocol,
      remote,
      remotePort,
      occupied: new PortSet(),
      evictable: new PortSet(),
      holders: new Map(),
      ports: new Map(),
    };
    this.#spaces.push(space);
    return space;
  }
}

export interface SearchNodeParts {
  readonly name: string;
  readonly behaviour: SearchBehaviour;
  readonly finder: PortFinder;
}
