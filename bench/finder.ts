// How long one port search takes at a given use of 32,768 ports: the simulator's finder beside the candidate-by-candidate search.
// CPU time, so that what else runs on the machine hardly shows.
import { eraBehaviour, type KernelEra } from '../src/core/alloc/kernel-era.ts';
import { NatAllocator } from '../src/core/alloc/nat/nat-allocator.ts';
import { createPortFinder } from '../src/core/alloc/port-finder.ts';
import { partsBySize } from '../src/core/alloc/capacity/port-pool.ts';
import { searchPort } from '../src/core/alloc/reference-search.ts';
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import type { NatRandom } from '../src/core/model/nat-rule.ts';
import { PortSet } from '../src/core/model/port-set.ts';
import { TCP, UDP } from '../src/core/model/protocol.ts';
import { type Benchmark, type Measure, type Report, median } from './benchmark.ts';

const RANGE = { first: 32_768, last: 65_535 };
const PORTS = 32_768;
const USES = [0.5, 0.8, 0.95, 0.98];
/** The simulator's budget for a search at 80 % use. */
const GOAL_NS = 100;
/** For a whole translation and its end. */
const GOAL_FLOW_NS = 1000;

interface Case {
  readonly name: string;
  readonly era: KernelEra;
  readonly protocol: number;
  /** Share of the occupied ports that are closing. */
  readonly closing: number;
}

const CASES: readonly Case[] = [
  { name: 'udp, or tcp before 6.5', era: '5.0', protocol: UDP, closing: 0 },
  { name: 'tcp since 6.5, half of the ports closing', era: '6.5', protocol: TCP, closing: 0.5 },
  { name: '4.x, random-fully', era: '4.x', protocol: TCP, closing: 0 },
];

/** A range in use as searches and random leaves make it: filled by the search, then every port turned over twice. */
function steadyUse({ use, closing }: { readonly use: number; readonly closing: number }): readonly [PortSet, PortSet] {
  const random = seededRandom(5);
  const [occupied, evictable] = [new PortSet(), new PortSet()];
  const finder = createPortFinder(eraBehaviour('5.0'), random);
  const held: number[] = [];
  const target = Math.round(PORTS * use);
  for (let arrival = 0; arrival < 3 * target || held.length < target; arrival += 1) {
    const port = finder.find(occupied, evictable, RANGE, UDP);
    if (port < 0) continue;
    occupied.add(port);
    if (held.length < target) {
      held.push(port);
      continue;
    }
    const leaver = Math.floor(random() * target);
    occupied.delete(held[leaver] ?? 0);
    held[leaver] = port;
  }
  for (const port of held) if (random() < closing) evictable.add(port);
  return [occupied, evictable];
}

/** Nanoseconds of CPU a search: the median of some rounds, after one that is not counted. */
function nanoseconds(searches: number, search: () => void): number {
  const [, ...counted] = Array.from({ length: 8 }, () => {
    const start = process.cpuUsage();
    for (let left = searches; left > 0; left -= 1) search();
    const { user, system } = process.cpuUsage(start);
    return ((user + system) * 1000) / searches;
  });
  return median(counted);
}

function measure({ era, protocol, closing }: Case, options: { use: number; searches: number }): Measure {
  const [occupied, evictable] = steadyUse({ use: options.use, closing });
  const behaviour = eraBehaviour(era);
  const finder = createPortFinder(behaviour, seededRandom(7));
  const fast = nanoseconds(options.searches, () => finder.find(occupied, evictable, RANGE, protocol));
  const search = { occupied, evictable, range: RANGE, protocol, behaviour };
  const random = seededRandom(7);
  const slow = nanoseconds(options.searches / 4, () => searchPort(search, random));
  return {
    what: `ns a search at ${options.use * 100} % use`,
    value: fast,
    unit: 'ns',
    detail: `${(1000 / fast).toFixed(1)} million a second; candidate by candidate ${slow.toFixed(0)} ns, ${(slow / fast).toFixed(1)}x`,
    ...(options.use === 0.8 ? { goal: { atMost: GOAL_NS } } : {}),
  };
}

/** A whole translation and its end: rule, mapping, search, entry, and the entry removed again. */
function measureAllocator(name: string, { random, flows }: { random: NatRandom; flows: number }): Measure {
  const numbers = seededRandom(9);
  const nat = new NatAllocator(eraBehaviour('6.5'), numbers);
  const rule = { parts: partsBySize([RANGE]), random, addresses: 1, addressChoice: 'hash' } as const;
  const held: number[] = [];
  let source = 0;
  const open = (): number => {
    source += 1;
    const flow = { protocol: TCP, source, sourcePort: 40_000, remote: 1, remotePort: 443 };
    return nat.allocate(flow, rule).entry;
  };
  while (nat.entries < PORTS * 0.8) held.push(open());
  const each = nanoseconds(flows, () => {
    const leaver = Math.floor(numbers() * held.length);
    nat.release(held[leaver] ?? -1);
    held[leaver] = open();
  });
  return {
    what: `ns a flow opened and ended at 80 % use, ${name}`,
    value: each,
    unit: 'ns',
    goal: { atMost: GOAL_FLOW_NS },
    detail: `${(1000 / each).toFixed(1)} million a second`,
  };
}

async function* measureCases(searches: number): AsyncIterable<Report> {
  for (const one of CASES) {
    const measures = USES.map((use) => measure(one, { use, searches }));
    yield await Promise.resolve({ title: `one port search of 32,768 ports: ${one.name}`, measures });
  }
  const measures = [
    measureAllocator('random-fully', { random: 'random-fully', flows: searches }),
    measureAllocator('without flags', { random: 'none', flows: searches }),
  ];
  yield { title: 'whole translations on a table of entries', measures };
}

export const finderBenchmark: Benchmark = {
  name: 'finder',
  run: ({ quick }) => measureCases(quick ? 40_000 : 400_000),
};
