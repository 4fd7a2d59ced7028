// All benchmarks, in the order they run. To add one: a file with a Benchmark, a line here.
import { agentEventsBenchmark } from './agent-events.ts';
import { agentOverheadBenchmark } from './agent-overhead.ts';
import { allocationsBenchmark } from './allocations.ts';
import type { Benchmark } from './benchmark.ts';
import { bundleBenchmark } from './bundle.ts';
import { capacityBenchmark } from './capacity.ts';
import { clusterFactsBenchmark } from './cluster-facts.ts';
import { decodeBenchmark } from './decode.ts';
import { diagnoseBenchmark } from './diagnose.ts';
import { execTextBenchmark } from './exec-text.ts';
import { finderBenchmark } from './finder.ts';
import { flowTextBenchmark } from './flow-text.ts';
import { flowsBenchmark } from './flows.ts';
import { listenersBenchmark } from './listeners.ts';
import { planBenchmark } from './plan.ts';
import { portSpacesBenchmark } from './port-spaces.ts';
import { scrapeBenchmark } from './scrape.ts';
import { simulationBenchmark } from './simulation.ts';
import { startUpBenchmark } from './start-up.ts';
import { topFrameBenchmark } from './top-frame.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  startUpBenchmark,
  diagnoseBenchmark,
  planBenchmark,
  topFrameBenchmark,
  clusterFactsBenchmark,
  listenersBenchmark,
  decodeBenchmark,
  flowTextBenchmark,
  bundleBenchmark,
  execTextBenchmark,
  finderBenchmark,
  allocationsBenchmark,
  simulationBenchmark,
  flowsBenchmark,
  capacityBenchmark,
  scrapeBenchmark,
  portSpacesBenchmark,
  agentEventsBenchmark,
  agentOverheadBenchmark,
];
