// Small scenarios to change: one node, 1,024 ports, one server that answers, one workload of short connections.
import { TCP } from '../../src/core/model/protocol.ts';
import type { SimDestination, SimNodes, SimScenario, SimWorkload } from '../../src/sim/sim-scenario.ts';
import { Simulation } from '../../src/sim/simulation.ts';

export const PORTS = 1024;
export const AT = '2026-11-22T03:12:00Z';

const NODES: SimNodes = {
  count: 1,
  ranges: [{ first: 40_000, last: 40_000 + PORTS - 1 }],
  random: 'random-fully',
  snatAddresses: 1,
  kernel: '6.5',
  conntrackMax: 262_144,
  timeWaitSeconds: 120,
  closeSeconds: 10,
  udpSeconds: 30,
};

const DESTINATION: SimDestination = {
  name: 'api',
  protocol: TCP,
  address: '203.0.113.9',
  port: 443,
  answers: true,
  timeWaitSeconds: 60,
};

const WORKLOAD: SimWorkload = {
  name: 'web',
  pods: 10,
  destination: 'api',
  perSecond: 2,
  arrivals: 'poisson',
  hold: { kind: 'fixed', seconds: 0.1 },
  closer: 'client',
  connectTimeoutSeconds: 10,
  startSeconds: 0,
};

export interface ScenarioChanges extends Partial<Omit<SimScenario, 'nodes' | 'destinations' | 'workloads'>> {
  readonly nodes?: Partial<SimNodes>;
  readonly destination?: Partial<SimDestination>;
  readonly workload?: Partial<SimWorkload>;
}

/** The scenario with these changes. */
export function scenarioFixture({ nodes, destination, workload, ...rest }: ScenarioChanges = {}): SimScenario {
  return {
    name: 'test',
    seed: 1,
    durationSeconds: 600,
    sampleSeconds: 60,
    nodes: { ...NODES, ...nodes },
    destinations: [{ ...DESTINATION, ...destination }],
    workloads: [{ ...WORKLOAD, ...workload }],
    events: [],
    ...rest,
  };
}

/** Runs a scenario to its end. */
export function simulate(scenario: SimScenario): Simulation {
  const simulation = new Simulation(scenario);
  simulation.advanceTo(scenario.durationSeconds);
  return simulation;
}

/** One after another. */
export function seeds(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
