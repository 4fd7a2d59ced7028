// The simulator against this kernel: the same packets at the same instants through a real node and through a simulated one.
import { describe, expect, it } from 'vitest';
import { UDP } from '../../src/core/model/protocol.ts';
import type { SimScenario } from '../../src/sim/sim-scenario.ts';
import { runIsolated } from '../lab/run-isolated.ts';
import type { KernelRun } from './lab-programs.ts';
import { type Outcome, type Recorded, replay } from './replay.ts';
import { type ScenarioChanges, scenarioFixture, seeds } from './scenario-fixture.ts';

const PROGRAMS = new URL('./lab-programs.js', import.meta.url);
const RUNS = 200;

/**
 * Half the width of the accepted interval in standard deviations (the 99 % interval is 2.6 wide). Eight figures are compared;
 * with normal tails a right simulator misses each in 1 of 90,000 runs, any of them in 1 of 11,000. Only figures whose counts
 * are large enough for normal tails are compared. Each comparison also shows that it would notice: a wrong kernel era lies
 * outside what it accepts.
 */
const WIDTH = 4.4;

/** An instant is known to within a jiffy of 4 ms and a turn of the client's own loop: so many seconds. */
const INSTANT_SECONDS = 0.01;

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Where the kernel's figure must lie, from as many simulated ones; the sample's own error is in it, and `slack`. */
function predict(figures: readonly number[], slack: number): Interval {
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  const variance = figures.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / (figures.length - 1);
  const half = WIDTH * Math.sqrt(variance * (1 + 1 / figures.length)) + slack;
  return { mean, low: mean - half, high: mean + half };
}

function expectWithin(figure: number, interval: Interval): void {
  expect(figure, `simulated: ${interval.mean.toFixed(1)}`).toBeGreaterThanOrEqual(interval.low);
  expect(figure, `simulated: ${interval.mean.toFixed(1)}`).toBeLessThanOrEqual(interval.high);
}

function simulations(scenario: SimScenario, recorded: Omit<Recorded, 'seed'>): readonly Outcome[] {
  return seeds(RUNS).map((seed) => replay(scenario, { ...recorded, seed }));
}

/** For packets at `perSecond`. */
function intervalOf(
  outcomes: readonly Outcome[],
  of: { readonly figure: (outcome: Outcome) => number; readonly perSecond: number },
): Interval {
  return predict(outcomes.map(of.figure), 0.5 + of.perSecond * INSTANT_SECONDS);
}

/** A connect that opened late did so as another began, so lives are not told apart. */
function meanHeld({ heldSeconds }: KernelRun): number {
  const held = heldSeconds.filter((seconds) => seconds > 0);
  return sum(held) / held.length;
}

function rateOf({ atSeconds }: KernelRun): number {
  return atSeconds.length / (atSeconds.at(-1) ?? 1);
}

const drops = (outcome: Outcome): number => outcome.drops;
const found = (outcome: Outcome): number => outcome.found;
const lateOneSecond = (outcome: Outcome): number => outcome.late[1] ?? 0;

function portsFrom40000(ports: number, changes: ScenarioChanges): SimScenario {
  const nodes = { ranges: [{ first: 40_000, last: 39_999 + ports }], ...changes.nodes };
  return scenarioFixture({ durationSeconds: 20, ...changes, nodes });
}

const DATAGRAMS: ScenarioChanges = {
  destination: { protocol: UDP, port: 53, answers: false },
  workload: { hold: { kind: 'fixed', seconds: 0 } },
};

describe('the simulator loses what this kernel loses', () => {
  it('filling 1,024 ports with 1,024 datagrams', () => {
    const rounds = runIsolated(PROGRAMS, 'fillByDatagrams') as { drops: number; found: number; entries: number }[];
    const scenario = portsFrom40000(1024, { ...DATAGRAMS, durationSeconds: 1 });
    const atSeconds = Array.from({ length: 1024 }, () => 0);
    const simulated = seeds(RUNS * rounds.length).map((seed) => replay(scenario, { atSeconds, seed }));
    const sums = (figure: (outcome: Outcome) => number): readonly number[] =>
      seeds(RUNS).map((run) => sum(simulated.slice((run - 1) * rounds.length, run * rounds.length).map(figure)));
    expect(rounds.map((round) => round.entries + round.drops)).toEqual(rounds.map(() => 1024));
    expectWithin(sum(rounds.map((round) => round.drops)), predict(sums(drops), 0.5));
    expectWithin(sum(rounds.map((round) => round.found)), predict(sums(found), 0.5));
    // A scan of the whole range would have found a port for every datagram.
    expect(predict(sums(drops), 0.5).low).toBeGreaterThan(0);
  });

  it('steady datagrams that hold 98 % of the ports', () => {
    const kernel = runIsolated(PROGRAMS, 'churnDatagrams') as KernelRun;
    const perSecond = rateOf(kernel);
    const at = (era: '5.0' | '4.x'): readonly Outcome[] =>
      simulations(portsFrom40000(1024, { ...DATAGRAMS, nodes: { kernel: era, udpSeconds: 2 } }), {
        atSeconds: kernel.atSeconds,
      });
    const simulated = at('5.0');
    expectWithin(kernel.drops, intervalOf(simulated, { figure: drops, perSecond }));
    // Each packet more or less is as many candidates as a search meets on the mean.
    const candidates = kernel.found / kernel.atSeconds.length;
    expectWithin(kernel.found, intervalOf(simulated, { figure: found, perSecond: perSecond * candidates }));
    expect(intervalOf(at('4.x'), { figure: drops, perSecond }).high).toBeLessThan(kernel.drops);
  });

  it('short connections on an old kernel, at and beyond what TIME_WAIT leaves', () => {
    const runs = runIsolated(PROGRAMS, 'churnOldKernel') as KernelRun[];
    expect(runs).toHaveLength(2);
    for (const kernel of runs) {
      const perSecond = rateOf(kernel);
      const at = (era: '5.0' | '6.5'): readonly Outcome[] =>
        simulations(
          portsFrom40000(500, {
            nodes: { kernel: era, timeWaitSeconds: 2 },
            workload: { connectTimeoutSeconds: 0.95 },
          }),
          kernel,
        );
      expectWithin(kernel.drops, intervalOf(at('5.0'), { figure: drops, perSecond }));
      // Were TIME_WAIT taken over, nothing would be lost.
      expect(intervalOf(at('6.5'), { figure: drops, perSecond }).high).toBeLessThan(kernel.drops);
    }
  });

  it('connections that outnumber the ports: SYNs lost, sent again, and given up', () => {
    const kernel = runIsolated(PROGRAMS, 'retransmit') as KernelRun;
    const perSecond = rateOf(kernel);
    const at = (era: '6.5' | '5.0'): readonly Outcome[] =>
      simulations(
        portsFrom40000(64, {
          nodes: { kernel: era, timeWaitSeconds: 2 },
          workload: { connectTimeoutSeconds: 2.5, hold: { kind: 'fixed', seconds: meanHeld(kernel) } },
        }),
        { atSeconds: kernel.atSeconds },
      );
    const simulated = at('6.5');
    expectWithin(kernel.drops, intervalOf(simulated, { figure: drops, perSecond }));
    expectWithin(kernel.opened[1] ?? 0, intervalOf(simulated, { figure: lateOneSecond, perSecond }));
    expect(intervalOf(at('5.0'), { figure: drops, perSecond }).low).toBeGreaterThan(kernel.drops);
  });
});

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
