// Which flow holds which port: gives ports out, lets closing entries be taken over, takes ports back, and keeps the counts.
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import type { Random } from '../core/alloc/reference-search.ts';
import type { PortRange } from '../core/model/port-range.ts';
import type { PortSet } from '../core/model/port-set.ts';
import type { Cluster } from './cluster.ts';
import { holdsPort } from './flow-phase.ts';
import type { FlowPool } from './flow-pool.ts';
import type { NodeCounts } from './node-counts.ts';
import { PortAllocator } from './port-allocator.ts';
import type { SimNodes } from './sim-scenario.ts';
import type { SimSpace } from './sim-space.ts';
import type { TimerWheel } from './timer-wheel.ts';
import { newWindowCount } from './window-count.ts';

export interface LedgerParts {
  readonly cluster: Cluster;
  readonly flows: FlowPool;
  readonly timers: TimerWheel;
  readonly random: Random;
}

export class PortLedger {
  /** Searches done. */
  searches = 0;
  /** Flows that ever got a port. */
  readonly opened = newWindowCount();
  /** Of them gone. */
  ended = 0;
  /** How often new flows were given another range. */
  rangeChanges = 0;
  readonly #cluster: Cluster;
  readonly #flows: FlowPool;
  readonly #timers: TimerWheel;
  readonly #allocator: PortAllocator;
  readonly #evicts: boolean;
  readonly #most: number;

  constructor(nodes: SimNodes, { cluster, flows, timers, random }: LedgerParts) {
    this.#cluster = cluster;
    this.#flows = flows;
    this.#timers = timers;
    this.#allocator = new PortAllocator(nodes, random);
    this.#evicts = eraBehaviour(nodes.kernel).evictsClosing === 'yes';
    this.#most = nodes.conntrackMax;
  }

  /** What new flows get their ports from. */
  get ranges(): readonly PortRange[] {
    return this.#allocator.ranges;
  }

  /** Whether the last flow that got a port took a closing entry over. */
  get evicted(): boolean {
    return this.#allocator.evicted;
  }

  /** Whether the node of this port space has no room for another entry; counts the drop. */
  refuses(space: SimSpace): boolean {
    const counts = this.#countsOf(space);
    if (counts.flows < this.#most) return false;
    counts.tableFull.total += 1;
    return true;
  }

  /** Searches a port for a flow. @returns false when there is none, and the packet is dropped. */
  acquire(id: number, space: SimSpace, protocol: number): boolean {
    const allocator = this.#allocator;
    const port = allocator.allocate(space, protocol, this.#flows.sourcePort(id));
    const counts = this.#countsOf(space);
    this.searches += 1;
    counts.found.total += allocator.found;
    if (port < 0) {
      counts.insertFailed.total += 1;
      space.group.drops += 1;
      return false;
    }
    if (allocator.evicted) this.#evict(space, port);
    counts.flows += 1;
    if (counts.flows > counts.peakFlows) counts.peakFlows = counts.flows;
    this.opened.total += 1;
    this.#flows.hold(id, { space: space.row, port, serial: this.opened.total });
    this.#occupy(space, port);
    return true;
  }

  /** The flow's entry is in TIME_WAIT or CLOSE now: a kernel that takes such entries over may take it. */
  startClosing(id: number): void {
    if (!this.#evicts) return;
    const space = this.spaceOf(id);
    const port = this.#flows.port(id);
    space.evictable.add(port);
    if (this.#counts(port)) space.group.evictable += 1;
    space.noteHolder(port, id);
  }

  /** The entry is gone, and its port is free. */
  release(id: number): void {
    const space = this.spaceOf(id);
    const { group } = space;
    const port = this.#flows.port(id);
    const isCounted = this.#counts(port);
    space.occupied.delete(port);
    if (isCounted) group.used -= 1;
    if (this.#evicts && space.evictable.has(port)) {
      space.evictable.delete(port);
      if (isCounted) group.evictable -= 1;
    }
    const counts = this.#countsOf(space);
    counts.flows -= 1;
    counts.ended.total += 1;
    this.ended += 1;
    this.#flows.give(id);
  }

  /** New flows get their ports from these ranges; those that exist keep theirs. */
  setRanges(ranges: readonly PortRange[]): void {
    this.rangeChanges += 1;
    this.#allocator.setRanges(ranges);
    for (const group of this.#cluster.groups) {
      group.used = group.spaces.reduce((sum, { occupied }) => sum + countIn(occupied, this.ranges), 0);
      group.evictable = group.spaces.reduce((sum, { evictable }) => sum + countIn(evictable, this.ranges), 0);
    }
  }

  /** The port space in which a flow holds its port. */
  spaceOf(id: number): SimSpace {
    const space = this.#cluster.spaces[this.#flows.space(id)];
    if (space === undefined) throw new RangeError(`Cannot find the port space of flow ${id}: it holds no port`);
    return space;
  }

  #occupy(space: SimSpace, port: number): void {
    const { group } = space;
    space.occupied.add(port);
    space.opened.total += 1;
    group.opened += 1;
    group.used += 1;
    if (group.used <= group.peakPorts) return;
    group.peakPorts = group.used;
    group.peakTick = this.#timers.tick;
    group.capacityAtPeak = this.#allocator.size * this.#cluster.addressesPerNode;
  }

  #evict(space: SimSpace, port: number): void {
    const victim = space.holderOf(port, (note) => this.#collectHolders(space.row, note));
    this.#timers.cancel(victim);
    this.release(victim);
  }

  #collectHolders(row: number, note: (port: number, flow: number) => void): void {
    const flows = this.#flows;
    for (let id = 0; id < flows.capacity; id += 1) {
      if (holdsPort(flows.phase(id)) && flows.space(id) === row) note(flows.port(id), id);
    }
  }

  /** Whether the port lies in the range in force: flows from before a change may not. */
  #counts(port: number): boolean {
    return this.rangeChanges === 0 || this.#allocator.covers(port);
  }

  #countsOf({ group: { node } }: SimSpace): NodeCounts {
    const counts = this.#cluster.nodes[node];
    if (counts === undefined) throw new RangeError(`Cannot count for node ${node}: there is none`);
    return counts;
  }
}

function countIn(ports: PortSet, ranges: readonly PortRange[]): number {
  return ranges.reduce((total, range) => total + ports.count(range), 0);
}
