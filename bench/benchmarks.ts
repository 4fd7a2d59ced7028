// All benchmarks, in the order they run. To add one: a file with a Benchmark, a line here.
import { allocationsBenchmark } from './allocations.ts';
import type { Benchmark } from './benchmark.ts';
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
import { simulationBenchmark } from './simulation.ts';
import { startUpBenchmark } from './start-up.ts';

export const BENCHMARKS: readonly Benchmark[] = [
  startUpBenchmark,
  diagnoseBenchmark,
  planBenchmark,
  clusterFactsBenchmark,
  listenersBenchmark,
  decodeBenchmark,
  flowTextBenchmark,
  execTextBenchmark,
  finderBenchmark,
  allocationsBenchmark,
  simulationBenchmark,
  flowsBenchmark,
  capacityBenchmark,
];
