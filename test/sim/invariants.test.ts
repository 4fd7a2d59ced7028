// What must hold in any scenario: nothing is lost from the books, no port is held twice, the same seed does the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KERNEL_ERAS } from '../../src/core/alloc/kernel-era.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import { FlowEngine } from '../../src/sim/flow-engine.ts';
import type { Hold, SimEvent, SimScenario } from '../../src/sim/sim-scenario.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { TickClock } from '../../src/sim/tick-clock.ts';
import { AT, scenarioFixture, simulate } from './scenario-fixture.ts';

const holds: fc.Arbitrary<Hold> = fc.oneof(
  fc.constant<Hold>({ kind: 'forever' }),
  fc.integer({ min: 0, max: 60 }).map((seconds): Hold => ({ kind: 'fixed', seconds })),
  fc.integer({ min: 1, max: 60 }).map((meanSeconds): Hold => ({ kind: 'exponential', meanSeconds })),
  fc.constant<Hold>({ kind: 'uniform', fromSeconds: 0, toSeconds: 20 }),
  fc.constant<Hold>({ kind: 'lognormal', medianSeconds: 5, p99Seconds: 50 }),
);

const events: fc.Arbitrary<SimEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('nat-port-range' as const),
    atSeconds: fc.integer({ min: 0, max: 200 }),
    ranges: fc.constantFrom(
      [{ first: 40_100, last: 40_299 }],
      [
        { first: 30_000, last: 30_063 },
        { first: 50_000, last: 50_199 },
      ],
    ),
  }),
  fc.record({
    kind: fc.constant('deploy' as const),
    atSeconds: fc.integer({ min: 0, max: 200 }),
    workload: fc.constant('web'),
    overSeconds: fc.integer({ min: 0, max: 30 }),
  }),
  fc.record({
    kind: fc.constant('burst' as const),
    atSeconds: fc.integer({ min: 0, max: 200 }),
    workload: fc.constant('web'),
    perSecond: fc.integer({ min: 1, max: 30 }),
    forSeconds: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({
    kind: fc.constant('nodes' as const),
    atSeconds: fc.integer({ min: 0, max: 200 }),
    count: fc.integer({ min: 1, max: 4 }),
  }),
);

const scenarios: fc.Arbitrary<SimScenario> = fc
  .record({
    seed: fc.integer({ min: 0, max: 1_000_000 }),
    kernel: fc.constantFrom(...KERNEL_ERAS),
    random: fc.constantFrom('none' as const, 'random-fully' as const),
    snatAddresses: fc.integer({ min: 1, max: 3 }),
    ports: fc.constantFrom(40, 200, 600),
    conntrackMax: fc.constantFrom(150, 100_000),
    count: fc.integer({ min: 1, max: 3 }),
    protocol: fc.constantFrom(TCP, UDP),
    answers: fc.boolean(),
    closer: fc.constantFrom('client' as const, 'server' as const, 'reset' as const, 'vanish' as const),
    arrivals: fc.constantFrom('poisson' as const, 'regular' as const),
    perSecond: fc.integer({ min: 1, max: 12 }),
    connectTimeoutSeconds: fc.constantFrom(0.5, 4, 200),
    hold: holds,
    events: fc.array(events, { maxLength: 3 }),
  })
  .map((drawn) =>
    scenarioFixture({
      seed: drawn.seed,
      durationSeconds: 240,
      sampleSeconds: 37,
      nodes: {
        count: drawn.count,
        kernel: drawn.kernel,
        random: drawn.random,
        snatAddresses: drawn.snatAddresses,
        conntrackMax: drawn.conntrackMax,
        ranges: [{ first: 40_000, last: 39_999 + drawn.ports }],
      },
      destination: { protocol: drawn.protocol, answers: drawn.answers },
      workload: {
        hold: drawn.hold,
        closer: drawn.closer,
        arrivals: drawn.arrivals,
        perSecond: drawn.perSecond,
        connectTimeoutSeconds: drawn.connectTimeoutSeconds,
      },
      events: drawn.events,
    }),
  );

const RUNS = { numRuns: 40, seed: 20_261_122 };

function allFacts(simulation: Simulation): readonly NodeFacts[] {
  return simulation.report().nodes.map((_, node) => simulation.factsOf(node, { at: AT }));
}

describe('any simulation', () => {
  it('holds no port twice in a port space, and counts every entry', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const simulation = simulate(scenario);
        for (const { flows, table } of allFacts(simulation)) {
          const { portSpace, port } = flows.flows;
          const keys = Array.from({ length: flows.flowCount }, (_, row) => `${portSpace[row]} ${port[row]}`);
          expect(new Set(keys).size).toBe(keys.length);
          expect(flows.flowCount).toBe(table?.count);
        }
      }),
      RUNS,
    );
  });

  it('loses no flow from its books: what was opened has ended or is there', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const clock = new TickClock(scenario.durationSeconds);
        const random = seededRandom(scenario.seed);
        const cluster = new Cluster(scenario);
        const engine = new FlowEngine(scenario, { cluster, clock, random });
        for (let second = 1; second <= scenario.durationSeconds; second += 1) {
          engine.runTo(clock.at(second));
          for (let count = 0; count < 4; count += 1) engine.connect(Math.floor(random() * cluster.podCount));
          if (second % 50 === 0) engine.endConnections((pod) => pod % 2 === 0);
        }
        const held = cluster.nodes.reduce((sum, { flows }) => sum + flows, 0);
        const bits = cluster.spaces.reduce((sum, { occupied }) => sum + occupied.count(), 0);
        expect(held).toBe(bits);
        expect(engine.ports.opened.total).toBe(engine.ports.ended + held);
      }),
      RUNS,
    );
  });

  it('gives each connect one outcome, once the last has had its time', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const quiet = { ...scenario.workloads[0], stopSeconds: 240 };
        const patient = {
          ...scenario,
          durationSeconds: 460,
          workloads: [{ ...scenarioFixture().workloads[0], ...quiet }],
        };
        const [totals] = simulate(patient as SimScenario).report().destinations;
        const late = totals?.lateBySecond.reduce((sum, count) => sum + count, 0) ?? 0;
        expect((totals?.atOnce ?? 0) + late + (totals?.failed ?? 0)).toBe(totals?.attempts);
      }),
      RUNS,
    );
  });

  it('uses no more ports than there are', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { nodes, series } = simulate(scenario).report();
        for (const { peakPorts, capacityPorts } of nodes) expect(peakPorts).toBeLessThanOrEqual(capacityPorts);
        for (const line of series) {
          line.usedPorts.forEach((used, index) => {
            expect(used).toBeGreaterThanOrEqual(0);
            expect(line.livePorts[index]).toBeGreaterThanOrEqual(0);
            expect(line.livePorts[index]).toBeLessThanOrEqual(used);
            expect(line.dropProbability[index]).toBeLessThanOrEqual(1);
          });
        }
      }),
      RUNS,
    );
  });

  it('does the same with the same seed, in one go or in steps', () => {
    fc.assert(
      fc.property(scenarios, fc.array(fc.integer({ min: 0, max: 240 }), { maxLength: 8 }), (scenario, stops) => {
        const inSteps = new Simulation(scenario);
        for (const stop of stops.toSorted((left, right) => left - right)) inSteps.advanceTo(stop + 0.3);
        inSteps.advanceTo(scenario.durationSeconds);
        expect(inSteps.isOver).toBe(true);
        const inOneGo = simulate(scenario);
        expect(inSteps.report()).toEqual(inOneGo.report());
        expect(allFacts(inSteps)).toEqual(allFacts(inOneGo));
      }),
      RUNS,
    );
  });

  it('does something else with another seed', () => {
    const [one, two] = [1, 2].map((seed) => simulate(scenarioFixture({ seed })).report().series);
    expect(one).not.toEqual(two);
  });
});
