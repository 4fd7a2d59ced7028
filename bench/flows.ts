// Reading conntrack: this reader against a bare C dump, conntrack -L and the proc file, on the same table, alternating.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Benchmark, type BenchOptions, type Measure, type Report, median } from './benchmark.ts';
import { withRoomFor } from './conntrack-limit.ts';
import { type CompiledPeer, bareDump, compileBareDump, run as runCommand, runIn } from './peers.ts';
import { type PopulatedNamespace, populatedNamespace } from './populated-namespace.ts';
import { ReaderWorker } from './reader-worker.ts';
import { type Stalls, watchStalls } from './stalls.ts';

const SIZES = [100_000, 500_000, 1_000_000] as const;
const ROUNDS = 5;
const PROC_FLOWS = '/proc/net/nf_conntrack';
const COLD_READ = fileURLToPath(new URL('./cold-read.js', import.meta.url));

export const flowsBenchmark: Benchmark = { name: 'flows', run };

async function* run(options: BenchOptions): AsyncIterable<Report> {
  const sizes = options.quick ? SIZES.slice(0, 1) : SIZES;
  const bare = compileBareDump();
  try {
    // A hundredth more than is inserted: the kernel refuses at the limit.
    yield* withRoomFor(Math.max(...sizes) * 1.01, async function* (room) {
      for (const size of sizes) yield await reportFor(size, { room, bare });
    });
  } finally {
    bare?.close();
  }
}

async function reportFor(
  size: number,
  { room, bare }: { room: number; bare: CompiledPeer | undefined },
): Promise<Report> {
  const title = `flows: ${size.toLocaleString('en')} entries, 70 % SNATed, medians of ${ROUNDS} alternating rounds`;
  if (size > room) {
    return {
      title,
      measures: [],
      notes: [`not run: nf_conntrack_max is ${room} and could not be raised (needs root)`],
    };
  }
  if (bare === undefined) return { title, measures: [], notes: ['not run: no gcc, so no bare dump to compare with'] };
  const namespace = await populatedNamespace(size);
  try {
    return { title, ...(await compare(namespace, bare)) };
  } finally {
    await namespace.close();
  }
}

/** Milliseconds of each reader, a list per name. */
type Times = Record<ReaderName, number[]>;
type ReaderName = 'bare' | 'full' | 'snat' | 'two' | 'cold' | 'conntrack' | 'proc';

async function compare(
  namespace: PopulatedNamespace,
  bare: CompiledPeer,
): Promise<{ measures: readonly Measure[]; notes: readonly string[] }> {
  const times: Times = { bare: [], full: [], snat: [], two: [], cold: [], conntrack: [], proc: [] };
  const cpu: { bare: number[]; full: number[] } = { bare: [], full: [] };
  const stalls: Stalls[] = [];
  const idle: Stalls[] = [];
  const memory: number[] = [];
  const workers = [new ReaderWorker(namespace.path), new ReaderWorker(namespace.path)] as const;
  const readers: Readonly<Record<ReaderName, () => Promise<number>>> = {
    bare: async () => {
      const { milliseconds, cpuMilliseconds } = await bareDump(namespace.path, bare.program);
      cpu.bare.push(cpuMilliseconds);
      return milliseconds;
    },
    full: async () => {
      const { milliseconds, cpuMilliseconds } = await workers[0].snapshot('all');
      cpu.full.push(cpuMilliseconds);
      return milliseconds;
    },
    snat: async () => (await workers[0].snapshot('snat')).milliseconds,
    two: () => timed(() => Promise.all([workers[0].snapshot('snat'), workers[1].snapshot('not-snat')])),
    cold: async () => {
      // It enters the namespace itself, as portolan does.
      const { milliseconds, stdout } = await runCommand([process.execPath, COLD_READ, namespace.path], true);
      memory.push((JSON.parse(stdout) as { peakMegabytes: number }).peakMegabytes);
      return milliseconds;
    },
    conntrack: async () => (await runIn(namespace.path, ['conntrack', '-L'])).milliseconds,
    proc: async () => (await runIn(namespace.path, ['cat', PROC_FLOWS])).milliseconds,
  };
  const names = (Object.keys(readers) as ReaderName[]).filter((name) => name !== 'proc' || existsSync(PROC_FLOWS));
  for (let warm = 0; warm < 5; warm += 1) await Promise.all(workers.map((worker) => worker.snapshot('all')));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      if (name !== 'full') times[name].push(await readers[name]());
      else stalls.push(await watchStalls(async () => times.full.push(await readers.full())));
    }
  }
  await Promise.all(workers.map((worker) => worker.close()));
  for (let round = 0; round < ROUNDS; round += 1) idle.push(await watchStalls(() => sleep(median(times.full))));
  const notes = [`${namespace.entries.toLocaleString('en')} entries were in the table`];
  if (!names.includes('proc')) notes.push(`this kernel has no ${PROC_FLOWS}`);
  return { measures: [...ratios(times, cpu), ...figures({ stalls, idle, memory })], notes };
}

function ratios(
  times: Times,
  cpu: { readonly bare: readonly number[]; readonly full: readonly number[] },
): readonly Measure[] {
  const bare = median(times.bare);
  const of = (name: ReaderName): string => `${median(times[name]).toFixed(0)} ms`;
  const floor = `bare dump ${bare.toFixed(0)} ms`;
  const against = (what: string, name: ReaderName, atMost?: number): Measure => ({
    what,
    value: median(times[name]) / bare,
    unit: 'x',
    ...(atMost === undefined ? {} : { goal: { atMost } }),
    detail: `${of(name)}, ${floor} (${Math.min(...times[name]).toFixed(0)}-${Math.max(...times[name]).toFixed(0)} ms)`,
  });
  const rows = [
    against('full snapshot with aggregates, warm / bare dump', 'full', 1.1),
    {
      what: 'the same in CPU time of the reading thread',
      value: median(cpu.full) / median(cpu.bare),
      unit: 'x',
      detail: `${median(cpu.full).toFixed(0)} ms, bare dump ${median(cpu.bare).toFixed(0)} ms`,
    },
    against('SNAT filter / bare full dump', 'snat', 0.9),
    against('two workers, disjoint filters, two tables / bare dump', 'two', 0.9),
    {
      what: 'whole cold command, over 1.20 x bare dump',
      value: median(times.cold) - 1.2 * bare,
      unit: 'ms',
      goal: { atMost: 150 },
      detail: `${of('cold')}, ${floor}`,
    },
    {
      what: 'conntrack -L >/dev/null / full snapshot, warm',
      value: median(times.conntrack) / median(times.full),
      unit: 'x',
      goal: { atLeast: 1.8 },
      detail: `${of('conntrack')}, ${of('full')}`,
    },
    against('conntrack -L >/dev/null / bare dump', 'conntrack'),
  ];
  return times.proc.length === 0 ? rows : [...rows, against(`cat ${PROC_FLOWS} >/dev/null / bare dump`, 'proc')];
}

function figures(seen: {
  readonly stalls: readonly Stalls[];
  readonly idle: readonly Stalls[];
  readonly memory: readonly number[];
}): readonly Measure[] {
  const { stalls, idle, memory } = seen;
  const p99 = (of: readonly Stalls[]): number => median(of.map(({ p99Milliseconds }) => p99Milliseconds));
  const worst = (of: readonly Stalls[]): number => median(of.map(({ worstMilliseconds }) => worstMilliseconds));
  const what = 'main loop stall while a worker reads';
  return [
    { what: 'peak RSS of the cold command', value: Math.max(...memory), unit: 'MB', goal: { atMost: 110 } },
    {
      what: `${what}, p99`,
      value: p99(stalls),
      unit: 'ms',
      goal: { atMost: 1 },
      detail: `idle ${p99(idle).toFixed(1)} ms`,
    },
    {
      what: `${what}, worst`,
      value: worst(stalls),
      unit: 'ms',
      goal: { atMost: 15 },
      detail: `idle ${worst(idle).toFixed(1)} ms`,
    },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
