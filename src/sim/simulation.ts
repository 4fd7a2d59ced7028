// A cluster in virtual time: seeded, so that a scenario always runs the same way.
import type { NodeFacts } from '../core/model/node-facts.ts';
import { seededRandom } from '../core/alloc/seeded-random.ts';
import { Agenda } from './agenda.ts';
import { ArrivalStreams } from './arrival-streams.ts';
import { Cluster } from './cluster.ts';
import { planEvents } from './plan-events.ts';
import { FlowEngine } from './flow-engine.ts';
import { reportOf } from './report-of.ts';
import { SeriesRecorder } from './series-recorder.ts';
import type { SimReport } from './sim-report.ts';
import type { SimEvent, SimScenario } from './sim-scenario.ts';
import { simulatedFacts } from './simulated-facts.ts';
import { TickClock } from './tick-clock.ts';
import { ROLL_SECONDS, roll } from './window-count.ts';

export class Simulation {
  readonly #scenario: SimScenario;
  readonly #cluster: Cluster;
  readonly #clock: TickClock;
  readonly #engine: FlowEngine;
  readonly #recorder: SeriesRecorder;
  readonly #streams: ArrivalStreams;
  readonly #agenda = new Agenda();
  readonly #random: () => number;
  /** By workload: whose turn it is where connections come regularly. */
  readonly #turns: Int32Array;
  readonly #plan: (event: SimEvent) => void;
  #nowSeconds = 0;
  #rolledAt = [0, 0];

  constructor(scenario: SimScenario) {
    this.#scenario = scenario;
    this.#random = seededRandom(scenario.seed);
    this.#cluster = new Cluster(scenario);
    this.#clock = new TickClock(scenario.durationSeconds);
    this.#engine = new FlowEngine(scenario, { cluster: this.#cluster, clock: this.#clock, random: this.#random });
    this.#recorder = new SeriesRecorder(scenario, { ports: this.#engine.ports, cluster: this.#cluster });
    this.#streams = new ArrivalStreams(scenario.workloads, this.#random);
    this.#turns = new Int32Array(scenario.workloads.length);
    const parts = { engine: this.#engine, cluster: this.#cluster, streams: this.#streams };
    this.#plan = planEvents(scenario, { ...parts, agenda: this.#agenda, now: () => this.#nowSeconds });
    this.#planSamples();
  }

  /** Virtual time. */
  get nowSeconds(): number {
    return this.#nowSeconds;
  }

  get isOver(): boolean {
    return this.#nowSeconds >= this.#scenario.durationSeconds;
  }

  /** Lets the cluster run until this instant, or to the scenario's end if that is earlier. */
  advanceTo(seconds: number): void {
    const until = Math.min(seconds, this.#scenario.durationSeconds);
    const streams = this.#streams;
    for (;;) {
      const { nextAt } = this.#agenda;
      while (streams.firstAt <= until && streams.firstAt < nextAt) this.#arrive();
      if (nextAt > until) break;
      this.#moveTo(nextAt);
      this.#agenda.runNext();
    }
    if (until > this.#nowSeconds) this.#moveTo(until);
  }

  /** Adds an event that the scenario does not have: for a world that somebody plays in. */
  happen(event: SimEvent): void {
    if (event.atSeconds < this.#nowSeconds)
      throw new RangeError(`Cannot change the past: ${event.atSeconds} s, wanted ${this.#nowSeconds} s or later`);
    this.#plan(event);
  }

  /** What came out so far. */
  report(): SimReport {
    const { ports, totals } = this.#engine;
    return reportOf(this.#scenario, {
      recorder: this.#recorder,
      cluster: this.#cluster,
      clock: this.#clock,
      totals,
      searches: ports.searches,
    });
  }

  /**
   * A node as an observation would find it now; the window reaches 10 to 20 s back.
   * @param node From 0.
   * @param options `at`: the wall-clock time to put on it, ISO 8601.
   */
  factsOf(node: number, options: { readonly at: string }): NodeFacts {
    const windowSeconds = this.#nowSeconds - (this.#rolledAt[0] ?? 0);
    const parts = { engine: this.#engine, cluster: this.#cluster, clock: this.#clock };
    return simulatedFacts(this.#scenario, { ...parts, node, at: options.at, windowSeconds });
  }

  #moveTo(seconds: number): void {
    this.#nowSeconds = seconds;
    this.#engine.runTo(this.#clock.at(seconds));
  }

  #arrive(): void {
    const workload = this.#streams.first;
    this.#moveTo(this.#streams.firstAt);
    this.#streams.advance();
    const run = this.#cluster.pods[workload];
    if (run !== undefined && run.count > 0) this.#engine.connect(run.first + this.#pick(workload, run.count));
  }

  #pick(workload: number, pods: number): number {
    if (this.#scenario.workloads[workload]?.arrivals === 'poisson') return Math.floor(this.#random() * pods);
    const turn = this.#turns[workload] ?? 0;
    this.#turns[workload] = turn + 1 === pods ? 0 : turn + 1;
    return turn;
  }

  #planSamples(): void {
    const { durationSeconds, sampleSeconds } = this.#scenario;
    this.#repeat(sampleSeconds, () => this.#recorder.sample(this.#nowSeconds));
    if (durationSeconds % sampleSeconds !== 0)
      this.#agenda.add({ atSeconds: durationSeconds, act: () => this.#recorder.sample(durationSeconds) });
    this.#repeat(ROLL_SECONDS, () => this.#roll());
  }

  #repeat(everySeconds: number, act: () => void): void {
    const { durationSeconds } = this.#scenario;
    for (let step = 1; step * everySeconds <= durationSeconds; step += 1) {
      this.#agenda.add({ atSeconds: step * everySeconds, act });
    }
  }

  #roll(): void {
    this.#rolledAt = [this.#rolledAt[1] ?? 0, this.#nowSeconds];
    roll(this.#engine.ports.opened);
    for (const node of this.#cluster.nodes) node.roll();
    for (const space of this.#cluster.spaces) roll(space.opened);
  }
}
