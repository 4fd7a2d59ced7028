// Drives a simulated cluster in steps short enough that Ctrl-C and the progress line get their turn.
import { Simulation } from '../../sim/simulation.ts';
import { nodeName } from '../../sim/sim-names.ts';
import { MOST_NODES } from '../scenario-file/scenario-limits.ts';
import type { SimulateOptions, SimulatedCluster } from '../measures.ts';

/** How long one step may take, and how much longer the next may be than the last. */
const STEP_MILLISECONDS = 40;
const FASTEST_GROWTH = 4;

/** Runs a scenario to its end. Rejects with the signal's reason when it is stopped. */
export async function runSimulation(options: SimulateOptions): Promise<SimulatedCluster> {
  const { scenario, signal, progress, now, pause } = options;
  const { durationSeconds } = scenario;
  const simulation = new Simulation(scenario);
  let stepSeconds = durationSeconds / 1000;
  while (!simulation.isOver) {
    const before = now();
    simulation.advanceTo(simulation.nowSeconds + stepSeconds);
    progress('simulating', simulation.nowSeconds / durationSeconds);
    await pause();
    signal.throwIfAborted();
    stepSeconds *= Math.min(
      FASTEST_GROWTH,
      Math.max(1 / FASTEST_GROWTH, STEP_MILLISECONDS / Math.max(0.1, now() - before)),
    );
  }
  // Virtual time has no date: the epoch makes the same run give the same facts.
  const at = new Date(simulation.nowSeconds * 1000).toISOString();
  return { report: simulation.report(), factsOf: (node) => simulation.factsOf(numberOf(node), { at }) };
}

function numberOf(node: string): number {
  for (let number = 0; number < MOST_NODES; number += 1) if (nodeName(number) === node) return number;
  throw new RangeError(`no node is called ${node}`);
}
