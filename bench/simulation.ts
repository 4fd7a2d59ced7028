// The simulator beside the kernel it simulates, and a day of a cluster. CPU time, so that what else runs hardly shows.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import { UDP } from '../src/core/model/protocol.ts';
import { Cluster } from '../src/sim/cluster.ts';
import { FlowPool } from '../src/sim/flow-pool.ts';
import { FIRST_SOURCE_PORT } from '../src/sim/kernel-defaults.ts';
import { PortLedger } from '../src/sim/port-ledger.ts';
import type { SimScenario } from '../src/sim/sim-scenario.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { TimerWheel } from '../src/sim/timer-wheel.ts';
import type { Benchmark, Measure, Report } from './benchmark.ts';
import { kernelAllocations } from './kernel-allocations.ts';

const FASTER_THAN_KERNEL = 20;
const DAY_SECONDS = 60;
const DAY_MEGABYTES = 300;
const PORTS = 32_768;
const RANGE = { first: 65_536 - PORTS, last: 65_535 };
const HOLD_SECONDS = 30;
const ROUNDS = 7;

/** One node whose datagrams hold 80 % of the range at any time. */
function busyNode(): SimScenario {
  return {
    name: 'busy',
    seed: 1,
    durationSeconds: 86_400,
    sampleSeconds: 86_400,
    nodes: {
      count: 1,
      ranges: [RANGE],
      random: 'random-fully',
      snatAddresses: 1,
      kernel: '6.5',
      conntrackMax: 262_144,
      timeWaitSeconds: 120,
      closeSeconds: 10,
      udpSeconds: HOLD_SECONDS,
    },
    destinations: [
      { name: 'resolver', protocol: UDP, address: '203.0.113.53', port: 53, answers: true, timeWaitSeconds: 60 },
    ],
    workloads: [
      {
        name: 'names',
        pods: 100,
        destination: 'resolver',
        perSecond: (0.8 * PORTS) / HOLD_SECONDS,
        arrivals: 'poisson',
        hold: { kind: 'fixed', seconds: 0 },
        closer: 'client',
        connectTimeoutSeconds: 5,
        startSeconds: 0,
      },
    ],
    events: [],
  };
}

/** CPU nanoseconds of one simulated flow: it comes, finds a port, holds it, and goes. The best of some rounds. */
function simulatedNanoseconds(roundSeconds: number): number {
  const simulation = new Simulation(busyNode());
  simulation.advanceTo(roundSeconds);
  const times = Array.from({ length: ROUNDS }, () => {
    const before = simulation.report().searches;
    const start = process.cpuUsage();
    simulation.advanceTo(simulation.nowSeconds + roundSeconds);
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1000) / (simulation.report().searches - before);
  });
  return Math.min(...times);
}

/** CPU nanoseconds of one allocation: a search at 80 % use and all books kept, and the oldest port given back. */
function allocationNanoseconds(rounds: number): number {
  const scenario = busyNode();
  const random = seededRandom(scenario.seed);
  const cluster = new Cluster(scenario);
  const flows = new FlowPool();
  const ports = new PortLedger(scenario.nodes, { cluster, flows, timers: new TimerWheel(flows, 1), random });
  const space = cluster.spaceOf(0);
  const acquire = (): number => {
    const id = flows.take(0, { tick: 0, sourcePort: FIRST_SOURCE_PORT });
    if (!ports.acquire(id, space, UDP)) throw new Error('Cannot allocate: no port, wanted one at 80 % use');
    return id;
  };
  const held = Int32Array.from({ length: 0.8 * PORTS }, acquire);
  const turnOver = (): void =>
    held.forEach((id, index) => {
      ports.release(id);
      held[index] = acquire();
    });
  turnOver();
  const times = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    turnOver();
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1000) / held.length;
  });
  return Math.min(...times);
}

/** CPU nanoseconds in which the kernel searches a port at 79 to 81 % use and creates the entry. The best of some rounds. */
async function kernelNanoseconds(rounds: number): Promise<number> {
  const times: number[] = [];
  const load = { range: RANGE, held: Math.round(0.79 * PORTS), measured: Math.round(0.02 * PORTS) };
  for (let round = 0; round < rounds; round += 1) times.push((await kernelAllocations(load)).nanoseconds);
  return Math.min(...times);
}

async function againstKernel(quick: boolean): Promise<Report> {
  const kernel = await kernelNanoseconds(quick ? 3 : 9);
  const allocation = allocationNanoseconds(quick ? 20 : 100);
  const flow = simulatedNanoseconds(quick ? 120 : 600);
  const ratio = (simulated: number): Pick<Measure, 'value' | 'unit' | 'detail'> => ({
    value: kernel / simulated,
    unit: 'x',
    detail: `${simulated.toFixed(0)} ns over ${kernel.toFixed(0)} ns of CPU`,
  });
  return {
    title: 'Simulated allocations at 80 % use of 32,768 ports, beside the same by the kernel',
    measures: [
      {
        what: 'simulated allocations over the kernel (ctnetlink)',
        ...ratio(allocation),
        goal: { atLeast: FASTER_THAN_KERNEL },
      },
      { what: 'whole simulated flows over the same', ...ratio(flow) },
    ],
    notes: [
      'Kernel: finds a port of the range and creates the entry, from prepared messages, many a call, without any packet: its fastest way.',
      'Simulated allocation: search, entry, books, and an older port given back. Whole flow: a random arrival and a timer as well.',
    ],
  };
}

interface Day {
  readonly searches: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** In a process of its own, for its peak memory. */
function simulateDay(hours: number): Day {
  const program = fileURLToPath(new URL('simulated-day.js', import.meta.url));
  const ran = spawnSync(process.execPath, [program, String(hours)], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`Cannot simulate a day: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as Day;
}

function dayReport(quick: boolean): Report {
  const hours = quick ? 2 : 24;
  const day = simulateDay(hours);
  const cpu: Measure = {
    what: `${hours} hours of 50 nodes with 500 connections/s, CPU time`,
    value: day.cpuSeconds,
    unit: 's',
    goal: { atMost: (DAY_SECONDS * hours) / 24 },
    detail: `${((day.cpuSeconds * 1e6) / day.searches).toFixed(2)} us a connection`,
  };
  const wall = { what: 'the same by the clock on the wall', value: day.seconds, unit: 's' };
  const memory = { what: 'its peak memory', value: day.peakMegabytes, unit: 'MB', goal: { atMost: DAY_MEGABYTES } };
  return { title: 'A simulated day', measures: [cpu, wall, memory] };
}

/** A benchmark of two reports. */
export const simulationBenchmark: Benchmark = {
  name: 'simulation',
  async *run({ quick }) {
    yield await againstKernel(quick);
    yield dayReport(quick);
  },
};
