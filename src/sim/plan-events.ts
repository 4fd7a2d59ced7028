// Puts the workloads' starts and stops and the scenario's events on the agenda.
import type { Agenda } from './agenda.ts';
import type { ArrivalStreams } from './arrival-streams.ts';
import type { Cluster } from './cluster.ts';
import type { FlowEngine } from './flow-engine.ts';
import type { SimEvent, SimScenario } from './sim-scenario.ts';

/** What events act on. */
export interface EventStage {
  readonly agenda: Agenda;
  readonly cluster: Cluster;
  readonly engine: FlowEngine;
  readonly streams: ArrivalStreams;
  readonly now: () => number;
}

/** A deploy goes in at most so many steps: each looks at every flow once. */
const MOST_STEPS = 64;

/** Plans everything that has a set time. @returns plans one more event; its time must not have passed. */
export function planEvents(scenario: SimScenario, stage: EventStage): (event: SimEvent) => void {
  const planner = new EventPlanner(scenario, stage);
  scenario.workloads.forEach((workload, index) => {
    planner.at(workload.startSeconds, () => planner.setRate(index, workload.perSecond));
    if (workload.stopSeconds !== undefined) planner.at(workload.stopSeconds, () => planner.setRate(index, 0));
  });
  for (const event of scenario.events) planner.plan(event);
  return (event) => planner.plan(event);
}

class EventPlanner {
  readonly #scenario: SimScenario;
  readonly #stage: EventStage;
  readonly #usual: Float64Array;
  readonly #extra: Float64Array;

  constructor(scenario: SimScenario, stage: EventStage) {
    this.#scenario = scenario;
    this.#stage = stage;
    this.#usual = new Float64Array(scenario.workloads.length);
    this.#extra = new Float64Array(scenario.workloads.length);
  }

  at(atSeconds: number, act: () => void): void {
    this.#stage.agenda.add({ atSeconds, act });
  }

  setRate(workload: number, perSecond: number): void {
    this.#usual[workload] = perSecond;
    this.#apply(workload);
  }

  plan(event: SimEvent): void {
    switch (event.kind) {
      case 'nat-port-range':
        this.at(event.atSeconds, () => this.#stage.engine.ports.setRanges(event.ranges));
        return;
      case 'deploy':
        this.#planDeploy(event);
        return;
      case 'burst':
        this.#planBurst(event);
        return;
      case 'rate':
        this.at(event.atSeconds, () => this.setRate(this.#indexOf(event.workload), event.perSecond));
        return;
      case 'nodes':
        this.at(event.atSeconds, () => this.#setNodes(event.count));
    }
  }

  #planBurst(event: Extract<SimEvent, { kind: 'burst' }>): void {
    const workload = this.#indexOf(event.workload);
    const add = (perSecond: number): void => {
      this.#extra[workload] = (this.#extra[workload] ?? 0) + perSecond;
      this.#apply(workload);
    };
    this.at(event.atSeconds, () => add(event.perSecond));
    this.at(event.atSeconds + event.forSeconds, () => add(-event.perSecond));
  }

  #planDeploy(event: Extract<SimEvent, { kind: 'deploy' }>): void {
    const run = this.#stage.cluster.pods[this.#indexOf(event.workload)] ?? { first: 0, count: 0 };
    const steps = Math.min(MOST_STEPS, run.count);
    for (let step = 0; step < steps; step += 1) {
      const from = run.first + Math.floor((run.count * step) / steps);
      const to = run.first + Math.floor((run.count * (step + 1)) / steps);
      this.at(event.atSeconds + (event.overSeconds * step) / steps, () => this.#replacePods(from, to));
    }
  }

  #replacePods(from: number, to: number): void {
    this.#reopen(this.#stage.engine.endConnections((pod) => pod >= from && pod < to));
  }

  #setNodes(count: number): void {
    const { cluster, engine } = this.#stage;
    const before = cluster.nodeCount;
    cluster.setNodes(count);
    if (count < before) this.#reopen(engine.dropNodes(count));
  }

  /** The successors of pods open as many connections as were open. */
  #reopen(connections: ReadonlyMap<number, number>): void {
    for (const [pod, count] of connections) {
      for (let opened = 0; opened < count; opened += 1) this.#stage.engine.connect(pod);
    }
  }

  #apply(workload: number): void {
    const perSecond = (this.#usual[workload] ?? 0) + (this.#extra[workload] ?? 0);
    this.#stage.streams.setRate(workload, Math.max(0, perSecond), this.#stage.now());
  }

  #indexOf(name: string): number {
    const index = this.#scenario.workloads.findIndex((workload) => workload.name === name);
    if (index < 0) throw new RangeError(`Cannot plan an event: no workload is named ${name}`);
    return index;
  }
}
