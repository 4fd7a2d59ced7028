// Simulated port allocations beside the running kernel's own, in the same run, at 80 % use of 32,768 ports of one port space.
import { eraBehaviour } from '../src/core/alloc/kernel-era.ts';
import { NatAllocator } from '../src/core/alloc/nat/nat-allocator.ts';
import { createPortFinder } from '../src/core/alloc/port-finder.ts';
import { partsBySize } from '../src/core/alloc/capacity/port-pool.ts';
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import { PortSet } from '../src/core/model/port-set.ts';
import { UDP } from '../src/core/model/protocol.ts';
import { type Benchmark, type Measure, median } from './benchmark.ts';
import { kernelAllocations } from './kernel-allocations.ts';

const RANGE = { first: 32_768, last: 65_535 };
const HELD = Math.round(0.79 * 32_768);
/** From 79 % to 81 %. */
const MEASURED = Math.round(0.02 * 32_768);
const ROUNDS = 9;
const GOAL = 20;

/** Nanoseconds of CPU for each of some allocations that follow HELD others; the first runs warm the code. */
function simulated(start: () => () => void): number {
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS * 4; round += 1) {
    const allocate = start();
    for (let held = 0; held < HELD; held += 1) allocate();
    const before = process.cpuUsage();
    for (let left = MEASURED; left > 0; left -= 1) allocate();
    const { user, system } = process.cpuUsage(before);
    if (round >= ROUNDS) costs.push(((user + system) * 1000) / MEASURED);
  }
  return median(costs);
}

/** Search and mark, as the simulator does. */
function byFinder(): () => void {
  const finder = createPortFinder(eraBehaviour('6.5'), seededRandom(3));
  const [occupied, evictable] = [new PortSet(), new PortSet()];
  return () => {
    const port = finder.find(occupied, evictable, RANGE, UDP);
    if (port >= 0) occupied.add(port);
  };
}

/** The whole of get_unique_tuple with an entry of its own. */
function byAllocator(): () => void {
  const nat = new NatAllocator(eraBehaviour('6.5'), seededRandom(3));
  const rule = { parts: partsBySize([RANGE]), random: 'none', addresses: 1, addressChoice: 'hash' } as const;
  let source = 0;
  return () => {
    source += 1;
    nat.allocate({ protocol: UDP, source, sourcePort: 20_000, remote: 1, remotePort: 53 }, rule);
  };
}

async function measures(rounds: number): Promise<readonly Measure[]> {
  const kernel: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { nanoseconds, entries } = await kernelAllocations({ range: RANGE, held: HELD, measured: MEASURED });
    if (entries < HELD + MEASURED) throw new Error(`the kernel holds ${entries} entries of ${HELD + MEASURED}`);
    kernel.push(nanoseconds);
  }
  const own = median(kernel);
  const [finder, allocator] = [simulated(byFinder), simulated(byAllocator)];
  const against = (what: string, cost: number): Omit<Measure, 'goal'> => ({
    what,
    value: own / cost,
    unit: 'x',
    detail: `${cost.toFixed(0)} ns an allocation, the kernel ${(own / 1000).toFixed(1)} us`,
  });
  return [
    { ...against('search and mark, as the simulator does, / kernel', finder), goal: { atLeast: GOAL } },
    against('whole translation with its entry / kernel', allocator),
  ];
}

export const allocationsBenchmark: Benchmark = {
  name: 'allocations',
  async *run({ quick }) {
    const title = 'simulated allocations a second over the kernel (ctnetlink creates), 80 % of 32,768 ports held';
    yield { title, measures: await measures(quick ? 3 : ROUNDS) };
  },
};
