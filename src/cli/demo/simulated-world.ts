// The demo without a kernel: the same node in the simulator, in virtual time and from a fixed seed. Nothing here is measured,
// and nothing is canned: every figure comes out of the model of the kernel's port search.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { formatRange, type PortRange, rangeSize } from '../../core/model/port-range.ts';
import { ESTABLISHED } from '../../core/model/tcp-state.ts';
import { formatSeconds } from '../../present/duration-text.ts';
import { formatInteger, formatNumber } from '../../present/number-text.ts';
import type { Style } from '../../present/style.ts';
import type { SimDestinationTotals } from '../../sim/sim-report.ts';
import { Simulation } from '../../sim/simulation.ts';
import { ROLL_SECONDS } from '../../sim/window-count.ts';
import type { Watched } from '../watched.ts';
import type { ConnectFigures } from './connect-figures.ts';
import {
  ALL_PODS,
  BACKGROUND_CALLER,
  CALLER,
  demoScenario,
  ERA,
  HELD_SECONDS,
  HOLDERS,
  REMOTE_ADDRESS,
  TIME_WAIT_SECONDS,
} from './demo-scenario.ts';
import { BACKGROUND, BURST, type DemoHeadings, type DemoWorld, PATIENCE_SECONDS, REMOTE_PORT } from './demo-world.ts';
import { type Refusal, wayToReal } from './way-to-real.ts';

/** Long-lived connections for 32,768 ports; with so many, a search misses about one time in three. */
const FILL: Arrivals = { count: 32_200, perSecond: 500 };
/** Until each of them is open: those that were dropped try again. */
const FILL_SECONDS = 120;

interface Arrivals {
  readonly count: number;
  readonly perSecond: number;
}

export class SimulatedWorld implements DemoWorld {
  readonly label = '[simulated]';
  readonly pods = ALL_PODS;
  readonly remoteAddress = REMOTE_ADDRESS;
  readonly #simulation: Simulation;
  readonly #refusal: Refusal;
  #range: PortRange;

  constructor(range: PortRange, refusal: Refusal) {
    this.#simulation = new Simulation(demoScenario(range));
    this.#refusal = refusal;
    this.#range = range;
  }

  get headings(): DemoHeadings {
    const remote = `${this.remoteAddress}:${REMOTE_PORT}`;
    return {
      build: `Simulate a node (simulated kernel ${ERA}), ${ALL_PODS} pods and a server; masquerade the pods through ${formatRange(this.#range)}`,
      hold: `Open long-lived connections from ${ALL_PODS - 2} pods to ${remote} until they hold nearly every port`,
      connectAgain: `Connect again from a pod: ${BURST} at once, each waits ${PATIENCE_SECONDS} s of virtual time`,
      widen: (range) => `Widen the range to ${formatRange(range)}; connections that exist keep their ports`,
    };
  }

  connect(): Promise<ConnectFigures> {
    const before = this.#totals;
    this.#open(CALLER, { count: BURST, perSecond: BURST * 1000 });
    this.#advance(PATIENCE_SECONDS + 1);
    return Promise.resolve(figuresBetween(before, this.#totals));
  }

  holdPorts(): Promise<string> {
    const { drops } = this.#totals;
    this.#open(HOLDERS, FILL);
    this.#advance(FILL_SECONDS);
    const held = `${formatInteger(this.#openConnections())} of ${formatInteger(rangeSize(this.#range))} ports held`;
    const lost = `${formatInteger(this.#totals.drops - drops)} SYNs lost on the way`;
    return Promise.resolve(`${held} after ${FILL_SECONDS} s of virtual time; ${lost}`);
  }

  setRange(range: PortRange): Promise<string> {
    const atSeconds = this.#simulation.nowSeconds;
    this.#simulation.happen({ kind: 'nat-port-range', ranges: [range], atSeconds });
    this.#range = range;
    this.#advance(1);
    return Promise.resolve(`in force for new connections from ${formatNumber(atSeconds)} s of virtual time on`);
  }

  /** They end by themselves, and their ports stay in TIME_WAIT for two more minutes. */
  endOldConnections(): Promise<void> {
    this.#advance(HELD_SECONDS + TIME_WAIT_SECONDS);
    return Promise.resolve();
  }

  look({ signal }: Watched): Promise<NodeFacts> {
    signal.throwIfAborted();
    // The simulator's window begins at a whole multiple of 10 s: what happened before the look stays out of it.
    const begin = Math.ceil(this.#simulation.nowSeconds / ROLL_SECONDS) * ROLL_SECONDS;
    this.#simulation.advanceTo(begin);
    this.#open(BACKGROUND_CALLER, { count: BACKGROUND.perSecond * ROLL_SECONDS, perSecond: BACKGROUND.perSecond });
    this.#simulation.advanceTo(begin + ROLL_SECONDS);
    const facts = this.#facts();
    // The last connects are still waiting: they must not count among those of the next step.
    this.#advance(BACKGROUND.patienceSeconds + 1);
    return Promise.resolve(facts);
  }

  ending(seconds: number, style: Style): readonly string[] {
    const virtual = formatSeconds(this.#simulation.nowSeconds);
    return [
      `${virtual} of virtual time on a model of kernel ${ERA}, computed in ${seconds.toFixed(1)} s; nothing was measured.`,
      ...wayToReal(this.#refusal, style),
    ];
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get #totals(): SimDestinationTotals {
    const [totals] = this.#simulation.report().destinations;
    if (totals === undefined) throw new Error('Cannot count the demo: no destination, wanted one');
    return totals;
  }

  #facts(): NodeFacts {
    return this.#simulation.factsOf(0, { at: instantText(this.#simulation.nowSeconds) });
  }

  #openConnections(): number {
    const { flows, flowCount } = this.#facts().flows;
    return flows.tcpState.subarray(0, flowCount).filter((state) => state === ESTABLISHED).length;
  }

  /** Evenly spaced from now on; half a gap more, so that the last one is not cut off. */
  #open(workload: string, { count, perSecond }: Arrivals): void {
    const atSeconds = this.#simulation.nowSeconds;
    const forSeconds = (count + 0.5) / perSecond;
    this.#simulation.happen({ kind: 'burst', workload, perSecond, forSeconds, atSeconds });
  }

  #advance(seconds: number): void {
    this.#simulation.advanceTo(this.#simulation.nowSeconds + seconds);
  }
}

function figuresBetween(before: SimDestinationTotals, after: SimDestinationTotals): ConnectFigures {
  const lateBySecond = after.lateBySecond.map((count, second) => count - (before.lateBySecond[second] ?? 0));
  return {
    tried: after.attempts - before.attempts,
    atOnce: after.atOnce - before.atOnce,
    late: lateBySecond.reduce((sum, count) => sum + count, 0),
    lost: after.failed - before.failed,
    slowestMilliseconds:
      1000 *
      Math.max(
        0,
        lateBySecond.findLastIndex((count) => count > 0),
      ),
  };
}

/** A day that no node ever saw: the clock of a simulation starts with the epoch. */
function instantText(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
