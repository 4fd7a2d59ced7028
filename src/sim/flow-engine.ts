// What happens to connections: SYNs and datagrams ask for ports, connections live and close, entries run out.
import type { Random } from '../core/alloc/reference-search.ts';
import { TCP } from '../core/model/protocol.ts';
import type { Cluster } from './cluster.ts';
import { DestinationTotals } from './destination-totals.ts';
import { holdSource } from './draw-hold.ts';
import * as phase from './flow-phase.ts';
import { FlowPool } from './flow-pool.ts';
import {
  ESTABLISHED_SECONDS,
  FIRST_SOURCE_PORT,
  SOURCE_PORTS,
  STREAM_AFTER_SECONDS,
  SYN_SENT_SECONDS,
  UDP_STREAM_SECONDS,
} from './kernel-defaults.ts';
import { PortLedger } from './port-ledger.ts';
import type { Closer, SimDestination, SimScenario, SimWorkload } from './sim-scenario.ts';
import type { SimSpace } from './sim-space.ts';
import { synSchedule } from './syn-schedule.ts';
import type { TickClock } from './tick-clock.ts';
import { TimerWheel } from './timer-wheel.ts';

/** What one workload's connections are like, looked up once. */
interface Manner {
  readonly workload: SimWorkload;
  readonly destination: SimDestination;
  readonly totals: DestinationTotals;
  readonly drawHold: () => number;
}

/** A connect that a server refuses because the port comes too early is done with the next SYN. */
const RECYCLE_DELAY_SECONDS = 1;

/** The new SYN's timestamp is behind the old connection's for half of all pairs of clients (kernel-snat facts: PAWS). */
const REFUSAL_CHANCE = 0.5;

export class FlowEngine {
  readonly flows = new FlowPool();
  readonly timers: TimerWheel;
  readonly ports: PortLedger;
  /** By destination. */
  readonly totals: readonly DestinationTotals[];
  readonly #scenario: SimScenario;
  readonly #cluster: Cluster;
  readonly #clock: TickClock;
  readonly #random: Random;
  /** By workload. */
  readonly #manners: readonly Manner[];
  readonly #synAt: readonly number[];
  /** Timer queues of the timeouts that all entries share. */
  readonly #timeWait: number;
  readonly #afterReset: number;
  readonly #afterDatagram: number;
  /** By pod. */
  readonly #sourcePorts: Uint16Array;

  constructor(scenario: SimScenario, { cluster, clock, random, holds = holdSource }: EngineParts) {
    this.#scenario = scenario;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#random = random;
    this.timers = new TimerWheel(this.flows, clock.lastTick);
    this.ports = new PortLedger(scenario.nodes, { cluster, flows: this.flows, timers: this.timers, random });
    this.totals = scenario.destinations.map(() => new DestinationTotals());
    this.#synAt = synSchedule(scenario.nodes.kernel);
    const queue = (seconds: number): number => this.timers.addQueue(clock.ticks(seconds));
    this.#timeWait = queue(scenario.nodes.timeWaitSeconds);
    this.#afterReset = queue(scenario.nodes.closeSeconds);
    this.#afterDatagram = queue(scenario.nodes.udpSeconds);
    this.#manners = scenario.workloads.map((workload, index) => {
      const row = cluster.destinationOf[index] ?? -1;
      const [destination, totals] = [scenario.destinations[row], this.totals[row]];
      if (destination === undefined || totals === undefined)
        throw new RangeError(
          `Cannot simulate workload ${workload.name}: no destination is named ${workload.destination}`,
        );
      return { workload, destination, totals, drawHold: holds(workload.hold, random) };
    });
    this.#sourcePorts = Uint16Array.from(cluster.workloadOf, () => Math.floor(random() * SOURCE_PORTS));
  }

  /** A pod opens a connection now. */
  connect(pod: number): void {
    const turn = this.#sourcePorts[pod] ?? 0;
    this.#sourcePorts[pod] = turn + 1 === SOURCE_PORTS ? 0 : turn + 1;
    const id = this.flows.take(pod, { tick: this.#clock.tick, sourcePort: FIRST_SOURCE_PORT + turn });
    const manner = this.#mannerOf(pod);
    manner.totals.attempts += 1;
    this.#send(id, manner);
  }

  /** Lets everything happen that is due by this tick. */
  runTo(tick: number): void {
    const { timers } = this;
    for (let id = timers.pop(tick); id >= 0; id = timers.pop(tick)) {
      this.#clock.tick = timers.tick;
      this.#fire(id);
    }
    this.#clock.tick = tick;
  }

  /** Ends the open connections of the pods, as a process does that exits. @returns how many, by pod. */
  endConnections(isMeant: (pod: number) => boolean): ReadonlyMap<number, number> {
    const { flows } = this;
    const ended = new Map<number, number>();
    for (let id = 0; id < flows.capacity; id += 1) {
      if (flows.phase(id) !== phase.OPEN || !isMeant(flows.pod(id))) continue;
      const pod = flows.pod(id);
      ended.set(pod, (ended.get(pod) ?? 0) + 1);
      const manner = this.#mannerOf(pod);
      const { closer } = manner.workload;
      this.timers.cancel(id);
      this.#close(id, manner, closer === 'server' ? 'client' : closer);
    }
    return ended;
  }

  /** Forgets the entries of nodes from this number on: the nodes are gone. @returns open connections lost, by pod. */
  dropNodes(firstNode: number): ReadonlyMap<number, number> {
    const { flows } = this;
    const lost = new Map<number, number>();
    for (let id = 0; id < flows.capacity; id += 1) {
      const at = flows.phase(id);
      if (!phase.holdsPort(at) || this.ports.spaceOf(id).group.node < firstNode) continue;
      const pod = flows.pod(id);
      if (at === phase.OPEN) lost.set(pod, (lost.get(pod) ?? 0) + 1);
      if (at === phase.UNANSWERED) this.#mannerOf(pod).totals.failed += 1;
      this.timers.cancel(id);
      this.ports.release(id);
    }
    return lost;
  }

  /** A SYN or the first datagram leaves the pod. */
  #send(id: number, manner: Manner): void {
    const { destination, totals } = manner;
    const space = this.#cluster.spaceOf(this.flows.pod(id));
    if (this.ports.refuses(space)) {
      totals.tableFullDrops += 1;
      this.#lose(id, manner);
    } else if (!this.ports.acquire(id, space, destination.protocol)) {
      totals.drops += 1;
      this.#lose(id, manner);
    } else {
      if (this.ports.evicted) totals.evictions += 1;
      if (destination.protocol !== TCP) this.#answerDatagram(id, manner);
      else if (destination.answers) this.#answerSyn(id, manner, space);
      else this.#leaveUnanswered(id, manner);
    }
  }

  #answerSyn(id: number, { totals, workload, drawHold }: Manner, space: SimSpace): void {
    const lost = this.flows.lost(id);
    const late = lost === 0 ? 0 : (this.#synAt[lost] ?? 0);
    const isHeld = space.isHeldAtServer(this.flows.port(id), this.#clock.tick);
    this.flows.setPhase(id, phase.OPEN);
    if (!isHeld || this.#random() >= REFUSAL_CHANCE) {
      totals.connected(late);
      this.#after(id, drawHold());
      return;
    }
    totals.recycledTooEarly += 1;
    const patience = workload.connectTimeoutSeconds - late;
    if (patience > RECYCLE_DELAY_SECONDS) {
      totals.connected(late + RECYCLE_DELAY_SECONDS);
      this.#after(id, RECYCLE_DELAY_SECONDS + drawHold());
    } else {
      totals.failed += 1;
      this.#after(id, patience);
    }
  }

  #leaveUnanswered(id: number, { workload }: Manner): void {
    this.flows.setPhase(id, phase.UNANSWERED);
    this.#after(id, this.#patienceAfterSyn(id, workload));
  }

  /** How long the client waits for an answer to the SYN that got through; its entry lasts no longer. */
  #patienceAfterSyn(id: number, { connectTimeoutSeconds }: SimWorkload): number {
    const late = this.#synAt[this.flows.lost(id)] ?? 0;
    return Math.min(SYN_SENT_SECONDS, Math.max(0, connectTimeoutSeconds - late));
  }

  #answerDatagram(id: number, { destination, totals, drawHold }: Manner): void {
    totals.connected(0);
    const seconds = drawHold();
    const isStream = destination.answers && seconds > STREAM_AFTER_SECONDS;
    this.flows.setPhase(id, isStream ? phase.STREAM : phase.DATAGRAM);
    if (seconds === 0) this.timers.enqueue(id, this.#afterDatagram);
    else this.#after(id, seconds + (isStream ? UDP_STREAM_SECONDS : this.#scenario.nodes.udpSeconds));
  }

  /** The packet was dropped: TCP tries again while the client is willing. */
  #lose(id: number, { destination, totals, workload }: Manner): void {
    const { flows } = this;
    if (destination.protocol !== TCP) {
      totals.failed += 1;
      flows.give(id);
      return;
    }
    flows.addLost(id);
    flows.setPhase(id, phase.WAITING);
    const nextSyn = this.#synAt[flows.lost(id)] ?? Number.POSITIVE_INFINITY;
    const wait = Math.min(nextSyn, workload.connectTimeoutSeconds);
    this.timers.set(id, flows.startedAt(id) + this.#clock.ticks(wait));
  }

  #fire(id: number): void {
    const at = this.flows.phase(id);
    if (at > phase.OPEN) {
      this.ports.release(id);
      return;
    }
    const manner = this.#mannerOf(this.flows.pod(id));
    if (at === phase.OPEN) this.#close(id, manner, manner.workload.closer);
    else if (at === phase.WAITING) this.#retry(id, manner);
    else if (at === phase.UNANSWERED) this.#abandon(id, manner);
    else this.ports.release(id);
  }

  /** The next SYN, unless the client's or the kernel's patience is over; the schedule's last instant sends none. */
  #retry(id: number, manner: Manner): void {
    const lost = this.flows.lost(id);
    const isLast = lost >= this.#synAt.length - 1;
    if (!isLast && (this.#synAt[lost] ?? 0) < manner.workload.connectTimeoutSeconds) {
      this.#send(id, manner);
      return;
    }
    manner.totals.failed += 1;
    this.flows.give(id);
  }

  /** The client gives up; its SYN's entry stays until 120 s after the SYN. */
  #abandon(id: number, { totals, workload }: Manner): void {
    totals.failed += 1;
    this.flows.setPhase(id, phase.ABANDONED);
    this.#after(id, SYN_SENT_SECONDS - this.#patienceAfterSyn(id, workload));
  }

  #close(id: number, { destination }: Manner, closer: Closer): void {
    const { flows } = this;
    if (closer === 'vanish') {
      flows.setPhase(id, phase.VANISHED);
      this.#after(id, ESTABLISHED_SECONDS);
      return;
    }
    flows.setPhase(id, CLOSING_PHASE[closer]);
    this.timers.enqueue(id, closer === 'reset' ? this.#afterReset : this.#timeWait);
    this.ports.startClosing(id);
    if (closer !== 'server') return;
    this.ports.spaceOf(id).holdAtServer(flows.port(id), this.#clock.after(destination.timeWaitSeconds));
  }

  #after(id: number, seconds: number): void {
    this.timers.set(id, this.#clock.after(seconds));
  }

  #mannerOf(pod: number): Manner {
    const manner = this.#manners[this.#cluster.workloadOf[pod] ?? 0];
    if (manner === undefined) throw new RangeError(`Cannot find the workload of pod ${pod}: there is none`);
    return manner;
  }
}

const CLOSING_PHASE: Readonly<Record<Exclude<Closer, 'vanish'>, number>> = {
  client: phase.TIME_WAIT_CLIENT,
  server: phase.TIME_WAIT_SERVER,
  reset: phase.RESET,
};

export interface EngineParts {
  readonly cluster: Cluster;
  readonly clock: TickClock;
  readonly random: Random;
  /** Where durations come from; what the scenario says unless they were recorded. */
  readonly holds?: typeof holdSource;
}
