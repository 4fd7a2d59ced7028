// What happens to connections: a SYN or datagram looks for a port, holds it while the connection lives and while its entry closes.
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import type { Random } from '../core/alloc/reference-search.ts';
import { TCP } from '../core/model/protocol.ts';
import type { Cluster } from './cluster.ts';
import { DestinationTotals } from './destination-totals.ts';
import { holdSource } from './draw-hold.ts';
import * as phase from './flow-pool.ts';
import { FlowPool } from './flow-pool.ts';
import { PortAllocator } from './port-allocator.ts';
import type { SimDestination, SimScenario, SimWorkload } from './sim-scenario.ts';
import type { SimSpace } from './sim-space.ts';
import { synSchedule } from './syn-schedule.ts';
import type { TickClock } from './tick-clock.ts';
import { TimerWheel } from './timer-wheel.ts';
import { newWindowCount } from './window-count.ts';
import {
  ESTABLISHED_SECONDS,
  FIRST_SOURCE_PORT,
  SOURCE_PORTS,
  STREAM_AFTER_SECONDS,
  SYN_SENT_SECONDS,
  UDP_STREAM_SECONDS,
} from './kernel-defaults.ts';

/** What one workload's connections are like, looked up once. */
interface Manner {
  readonly workload: SimWorkload;
  readonly destination: SimDestination;
  readonly isTcp: boolean;
  readonly draw: () => number;
}

/** A connect held up by a server that refuses an early reuse is done with the next SYN. */
const RECYCLE_DELAY_SECONDS = 1;

export class FlowEngine {
  readonly flows = new FlowPool();
  readonly allocator: PortAllocator;
  /** By destination. */
  readonly totals: readonly DestinationTotals[];
  readonly timers: TimerWheel;
  /** Port searches done. */
  searches = 0;
  /** Flows that ever got a port. */
  readonly opened = newWindowCount();
  /** Of them gone. */
  ended = 0;
  /** Called with each port space in which a flow got a port or lost a packet. */
  onOpened: (space: SimSpace) => void = () => {};
  onDropped: (space: SimSpace) => void = () => {};
  readonly #cluster: Cluster;
  readonly #clock: TickClock;
  readonly #random: Random;
  readonly #scenario: SimScenario;
  readonly #evicts: boolean;
  readonly #manners: readonly Manner[];
  readonly #synAt: readonly number[];
  readonly #nextSourcePort: Uint16Array;
  #rangeChanged = false;

  constructor(scenario: SimScenario, { cluster, clock, random }: EngineParts) {
    this.#scenario = scenario;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#random = random;
    this.allocator = new PortAllocator(scenario.nodes, random);
    this.timers = new TimerWheel(clock.lastTick);
    this.totals = scenario.destinations.map(() => new DestinationTotals());
    this.#evicts = eraBehaviour(scenario.nodes.kernel).evictsClosing === 'yes';
    this.#synAt = synSchedule(scenario.nodes.kernel);
    this.#manners = scenario.workloads.map((workload, index) =>
      mannerOf(scenario, { workload, cluster, index, random }),
    );
    this.#nextSourcePort = Uint16Array.from(cluster.nodeOf, () => Math.floor(random() * SOURCE_PORTS));
  }

  /** Now. */
  get tick(): number {
    return this.#clock.tick;
  }

  /** Whether new flows ever got another range than at the start. */
  get rangeChanged(): boolean {
    return this.#rangeChanged;
  }

  /** A pod opens a connection now. */
  connect(pod: number): void {
    const { flows } = this;
    const id = flows.take();
    this.timers.reserve(flows.capacity);
    flows.pod[id] = pod;
    flows.startedAt[id] = this.#clock.tick;
    const turn = this.#nextSourcePort[pod] ?? 0;
    flows.sourcePort[id] = FIRST_SOURCE_PORT + turn;
    this.#nextSourcePort[pod] = turn + 1 === SOURCE_PORTS ? 0 : turn + 1;
    this.#totalsOf(pod).attempts += 1;
    this.#send(id);
  }

  /** Lets everything happen that is due by this tick. */
  runTo(tick: number): void {
    for (let id = this.timers.pop(tick); id >= 0; id = this.timers.pop(tick)) {
      this.#clock.tick = this.timers.tick;
      this.#fire(id);
    }
    this.#clock.tick = tick;
  }

  /** New flows get their ports from these ranges. */
  setRanges(ranges: Parameters<PortAllocator['setRanges']>[0]): void {
    this.#rangeChanged = true;
    this.allocator.setRanges(ranges);
    for (const space of this.#cluster.spaces) space.recount(this.allocator.ranges);
  }

  /** Ends the open connections of the pods, as a process does that exits. @returns how many, by pod. */
  endConnections(isMeant: (pod: number) => boolean): ReadonlyMap<number, number> {
    const { flows } = this;
    const ended = new Map<number, number>();
    for (let id = 0; id < flows.capacity; id += 1) {
      const pod = flows.pod[id] ?? 0;
      if (flows.phase[id] !== phase.OPEN || !isMeant(pod)) continue;
      ended.set(pod, (ended.get(pod) ?? 0) + 1);
      this.timers.cancel(id);
      const { closer } = this.#mannerOf(pod).workload;
      this.#close(id, closer === 'server' ? 'client' : closer);
    }
    return ended;
  }

  /** Forgets the entries of nodes from this number on: the nodes are gone. @returns open connections lost, by pod. */
  dropNodes(firstNode: number): ReadonlyMap<number, number> {
    const { flows } = this;
    const lost = new Map<number, number>();
    for (let id = 0; id < flows.capacity; id += 1) {
      if ((flows.phase[id] ?? 0) <= phase.WAITING || this.#spaceOf(id).place.node < firstNode) continue;
      const pod = flows.pod[id] ?? 0;
      if (flows.phase[id] === phase.OPEN) lost.set(pod, (lost.get(pod) ?? 0) + 1);
      if (flows.phase[id] === phase.UNANSWERED) this.#totalsOf(pod).failed += 1;
      this.timers.cancel(id);
      this.#release(id);
    }
    return lost;
  }

  /** A SYN or the first datagram leaves the pod. */
  #send(id: number): void {
    const pod = this.flows.pod[id] ?? 0;
    const space = this.#cluster.spaceOf(pod);
    const counts = this.#cluster.nodes[space.place.node];
    if (counts === undefined)
      throw new RangeError(`Cannot send from node ${space.place.node}: wanted one of the cluster`);
    const totals = this.#totalsOf(pod);
    if (counts.flows >= this.#scenario.nodes.conntrackMax) {
      counts.tableFull.total += 1;
      totals.tableFullDrops += 1;
      this.#lose(id);
      return;
    }
    const manner = this.#mannerOf(pod);
    const port = this.allocator.allocate(space, manner.destination.protocol, this.flows.sourcePort[id] ?? 0);
    this.searches += 1;
    counts.found.total += this.allocator.found;
    if (port < 0) {
      counts.insertFailed.total += 1;
      totals.drops += 1;
      this.onDropped(space);
      this.#lose(id);
      return;
    }
    if (this.allocator.evicted) {
      totals.evictions += 1;
      this.#evict(space, port);
    }
    counts.flows += 1;
    if (counts.flows > counts.peakFlows) counts.peakFlows = counts.flows;
    this.#hold(id, space, port);
    if (manner.isTcp) this.#answerSyn(id, { space, manner });
    else this.#answerDatagram(id, manner);
  }

  /** The flow has its port. */
  #hold(id: number, space: SimSpace, port: number): void {
    const { flows } = this;
    this.opened.total += 1;
    flows.space[id] = space.place.row;
    flows.port[id] = port;
    flows.serial[id] = this.opened.total;
    space.occupied.add(port);
    space.used += 1;
    space.opened.total += 1;
    this.onOpened(space);
  }

  #answerSyn(id: number, { space, manner }: { readonly space: SimSpace; readonly manner: Manner }): void {
    const { destination, workload } = manner;
    const late = this.#synAt[this.flows.lost[id] ?? 0] ?? 0;
    if (!destination.answers) {
      this.flows.phase[id] = phase.UNANSWERED;
      this.#after(id, Math.min(SYN_SENT_SECONDS, Math.max(0, workload.connectTimeoutSeconds - late)));
      return;
    }
    const totals = this.#totalsOf(this.flows.pod[id] ?? 0);
    const isRefused = space.isHeldAtServer(this.flows.port[id] ?? 0, this.#clock.tick) && this.#random() < 0.5;
    if (isRefused) totals.recycledTooEarly += 1;
    const delay = isRefused ? RECYCLE_DELAY_SECONDS : 0;
    this.flows.phase[id] = phase.OPEN;
    if (late + delay >= workload.connectTimeoutSeconds && isRefused) {
      totals.failed += 1;
      this.#after(id, Math.max(0, workload.connectTimeoutSeconds - late));
      return;
    }
    totals.connected(late + delay);
    this.#after(id, delay + manner.draw());
  }

  #answerDatagram(id: number, { destination, draw }: Manner): void {
    this.#totalsOf(this.flows.pod[id] ?? 0).connected(0);
    const seconds = draw();
    const isStream = destination.answers && seconds > STREAM_AFTER_SECONDS;
    this.flows.phase[id] = isStream ? phase.STREAM : phase.DATAGRAM;
    this.#after(id, seconds + (isStream ? UDP_STREAM_SECONDS : this.#scenario.nodes.udpSeconds));
  }

  /** The packet was dropped: TCP tries again while the client is willing. */
  #lose(id: number): void {
    const { flows } = this;
    const { isTcp, workload } = this.#mannerOf(flows.pod[id] ?? 0);
    if (!isTcp) {
      this.#fail(id);
      return;
    }
    const lost = (flows.lost[id] ?? 0) + 1;
    flows.lost[id] = lost;
    flows.phase[id] = phase.WAITING;
    const retryAt = Math.min(this.#synAt[lost] ?? workload.connectTimeoutSeconds, workload.connectTimeoutSeconds);
    this.timers.set(id, (flows.startedAt[id] ?? 0) + this.#clock.ticks(retryAt));
  }

  /** A connect without an entry ends. */
  #fail(id: number): void {
    this.#totalsOf(this.flows.pod[id] ?? 0).failed += 1;
    this.flows.give(id);
  }

  #fire(id: number): void {
    switch (this.flows.phase[id]) {
      case phase.WAITING:
        this.#retry(id);
        return;
      case phase.UNANSWERED:
        this.#abandon(id);
        return;
      case phase.OPEN:
        this.#close(id, this.#mannerOf(this.flows.pod[id] ?? 0).workload.closer);
        return;
      default:
        this.#release(id);
    }
  }

  #retry(id: number): void {
    const { workload } = this.#mannerOf(this.flows.pod[id] ?? 0);
    const syn = this.#synAt[this.flows.lost[id] ?? 0];
    if (syn === undefined || syn >= workload.connectTimeoutSeconds || syn === this.#synAt.at(-1)) this.#fail(id);
    else this.#send(id);
  }

  /** The client gives up; its SYN's entry stays. */
  #abandon(id: number): void {
    const { flows } = this;
    this.#totalsOf(flows.pod[id] ?? 0).failed += 1;
    const late = this.#synAt[flows.lost[id] ?? 0] ?? 0;
    const expires = (flows.startedAt[id] ?? 0) + this.#clock.ticks(late + SYN_SENT_SECONDS);
    flows.phase[id] = phase.ABANDONED;
    this.timers.set(id, expires);
  }

  #close(id: number, closer: SimWorkload['closer']): void {
    const { flows } = this;
    const { nodes } = this.#scenario;
    switch (closer) {
      case 'vanish':
        flows.phase[id] = phase.VANISHED;
        this.#after(id, ESTABLISHED_SECONDS);
        return;
      case 'reset':
        flows.phase[id] = phase.RESET;
        this.#after(id, nodes.closeSeconds);
        break;
      case 'client':
        flows.phase[id] = phase.TIME_WAIT_CLIENT;
        this.#after(id, nodes.timeWaitSeconds);
        break;
      case 'server':
        flows.phase[id] = phase.TIME_WAIT_SERVER;
        this.#after(id, nodes.timeWaitSeconds);
        this.#holdAtServer(id);
    }
    if (this.#evicts) this.#makeEvictable(id);
  }

  #holdAtServer(id: number): void {
    const { timeWaitSeconds } = this.#mannerOf(this.flows.pod[id] ?? 0).destination;
    this.#spaceOf(id).holdAtServer(this.flows.port[id] ?? 0, this.#clock.after(timeWaitSeconds));
  }

  #makeEvictable(id: number): void {
    const space = this.#spaceOf(id);
    const port = this.flows.port[id] ?? 0;
    space.evictable.add(port);
    if (this.#counts(port)) space.evictableUsed += 1;
    space.noteHolder(port, id);
  }

  /** A new SYN takes the port of a closing entry. */
  #evict(space: SimSpace, port: number): void {
    const victim = space.holderOf(port, (note) => this.#noteHolders(space.place.row, note));
    this.timers.cancel(victim);
    this.#release(victim);
  }

  #noteHolders(row: number, note: (port: number, flow: number) => void): void {
    const { flows } = this;
    for (let id = 0; id < flows.capacity; id += 1) {
      if ((flows.phase[id] ?? 0) > phase.WAITING && flows.space[id] === row) note(flows.port[id] ?? 0, id);
    }
  }

  /** The entry expires, and its port is free. */
  #release(id: number): void {
    const space = this.#spaceOf(id);
    const port = this.flows.port[id] ?? 0;
    const isCounted = this.#counts(port);
    if (isCounted) space.used -= 1;
    if (this.#evicts && space.evictable.has(port)) {
      space.evictable.delete(port);
      if (isCounted) space.evictableUsed -= 1;
    }
    space.occupied.delete(port);
    const counts = this.#cluster.nodes[space.place.node];
    if (counts !== undefined) {
      counts.flows -= 1;
      counts.ended.total += 1;
    }
    this.ended += 1;
    this.flows.give(id);
  }

  /** Whether the port lies in the range in force: flows from before a change may not. */
  #counts(port: number): boolean {
    return !this.#rangeChanged || this.allocator.covers(port);
  }

  #after(id: number, seconds: number): void {
    this.timers.set(id, this.#clock.after(seconds));
  }

  #spaceOf(id: number): SimSpace {
    const space = this.#cluster.spaces[this.flows.space[id] ?? 0];
    if (space === undefined) throw new RangeError(`Cannot find the port space of flow ${id}: it has no port`);
    return space;
  }

  #mannerOf(pod: number): Manner {
    const manner = this.#manners[this.#cluster.workloadOf[pod] ?? 0];
    if (manner === undefined) throw new RangeError(`Cannot find the workload of pod ${pod}: there is none`);
    return manner;
  }

  #totalsOf(pod: number): DestinationTotals {
    const totals = this.totals[this.#cluster.destinationOf[this.#cluster.workloadOf[pod] ?? 0] ?? 0];
    if (totals === undefined) throw new RangeError(`Cannot find the destination of pod ${pod}: there is none`);
    return totals;
  }
}

export interface EngineParts {
  readonly cluster: Cluster;
  readonly clock: TickClock;
  readonly random: Random;
}

function mannerOf(
  { destinations }: SimScenario,
  of: { readonly workload: SimWorkload; readonly cluster: Cluster; readonly index: number; readonly random: Random },
): Manner {
  const destination = destinations[of.cluster.destinationOf[of.index] ?? -1];
  if (destination === undefined)
    throw new RangeError(
      `Cannot simulate workload ${of.workload.name}: no destination is named ${of.workload.destination}`,
    );
  return {
    workload: of.workload,
    destination,
    isTcp: destination.protocol === TCP,
    draw: holdSource(of.workload.hold, of.random),
  };
}
