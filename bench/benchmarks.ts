// All benchmarks, in the order they run. To add one: a file with a Benchmark, a line here.
import type { Benchmark } from './benchmark.ts';
import { flowsBenchmark } from './flows.ts';

export const BENCHMARKS: readonly Benchmark[] = [flowsBenchmark];
