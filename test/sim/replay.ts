// Gives a simulated node connections at given instants, so that it meets the very traffic that a real one met.
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import { FlowEngine } from '../../src/sim/flow-engine.ts';
import type { SimScenario } from '../../src/sim/sim-scenario.ts';
import { TickClock } from '../../src/sim/tick-clock.ts';

export interface Outcome {
  readonly drops: number;
  readonly found: number;
  /** By whole seconds. */
  readonly late: readonly number[];
  readonly failed: number;
}

export interface Recorded {
  /** When each connection was opened. */
  readonly atSeconds: readonly number[];
  /** How long each lived, 0 where that is not known; undefined leaves it to the scenario. */
  readonly heldSeconds?: readonly number[];
  readonly seed: number;
}

/** One pod opens a connection at each instant; then all of them get their time. */
export function replay(scenario: SimScenario, { atSeconds, heldSeconds, seed }: Recorded): Outcome {
  const random = seededRandom(seed);
  const clock = new TickClock(scenario.durationSeconds);
  const cluster = new Cluster(scenario);
  let opening = 0;
  const holds = heldSeconds === undefined ? {} : { holds: () => () => heldSeconds[opening] ?? 0 };
  const engine = new FlowEngine(scenario, { cluster, clock, random, ...holds });
  atSeconds.forEach((at, index) => {
    opening = index;
    engine.runTo(clock.at(at));
    engine.connect(0);
  });
  engine.runTo(clock.lastTick);
  const [totals] = engine.totals.map((each) => each.snapshot(''));
  const [node] = cluster.nodes;
  if (totals === undefined || node === undefined) throw new Error('Cannot replay: no destination or no node');
  return { drops: totals.drops, found: node.found.total, late: totals.lateBySecond, failed: totals.failed };
}
