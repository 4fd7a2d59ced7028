// Conntrack events under one storm: read by the agent's ledger, by a reader in C that throws them away and one that keeps a table,
// and by `conntrack -E` piped to a parser. CPU an event as ratios of the same run; events that were lost, by whoever made them.
import { fileURLToPath } from 'node:url';
import { type BenchOptions, type Benchmark, type Measure, type Report, median } from './benchmark.ts';
import { type StormOptions, type StormSeen, readByConntrack, readStorm } from './event-readers.ts';
import { compileEventReader } from './peers.ts';
import { populatedNamespace } from './populated-namespace.ts';

/** The table that the storm goes over: the ledger holds seven in ten of them. */
const ENTRIES = 100_000;

export const agentEventsBenchmark: Benchmark = {
  name: 'agent-events',
  async *run({ quick }: BenchOptions): AsyncIterable<Report> {
    const namespace = await populatedNamespace(ENTRIES);
    const peer = compileEventReader();
    try {
      const storm = { path: namespace.path, warmSeconds: 4, seconds: quick ? 3 : 10 };
      yield await compare(storm, { peer: peer?.program, rounds: quick ? 1 : 5 });
    } finally {
      peer?.close();
      await namespace.close();
    }
  },
};

type ReaderName = 'ledger' | 'floor' | 'keeper';

async function compare(
  storm: StormOptions,
  { peer, rounds }: { readonly peer: string | undefined; readonly rounds: number },
): Promise<Report> {
  const program = fileURLToPath(new URL('./event-reader-program.js', import.meta.url));
  const readers: [ReaderName, readonly string[]][] = [['ledger', [process.execPath, program]]];
  if (peer !== undefined) readers.push(['floor', [peer]], ['keeper', [peer, 'keep']]);
  const runs: Record<ReaderName, StormSeen[]> = { ledger: [], floor: [], keeper: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const [name, command] of round % 2 === 0 ? readers : readers.toReversed())
      runs[name].push(await readStorm(command, storm));
  const { warmSeconds, seconds } = storm;
  return {
    title: `agent-events: ${rounds} x ${seconds} s of a storm over ${ENTRIES} entries, after ${warmSeconds} s of it; reader and storm have a CPU each`,
    measures: [
      ...ratios(runs),
      ...lossMeasures(runs.ledger),
      ...cpuMeasures(runs),
      conntrackMeasure(await readByConntrack(storm), median(runs.ledger.map(perEvent))),
    ],
    notes: peer === undefined ? ['no C compiler: the readers in C were not measured'] : [],
  };
}

function ratios({ ledger, floor, keeper }: Record<ReaderName, readonly StormSeen[]>): readonly Measure[] {
  const over = (peers: readonly StormSeen[]): number =>
    median(ledger.map((seen, round) => perEvent(seen) / perEvent(peers[round] ?? seen)));
  if (floor.length === 0) return [];
  return [
    { what: 'CPU an event, over C that recvs and discards', value: over(floor), unit: 'x', goal: { atMost: 1 } },
    { what: 'CPU an event, over C that keeps a table', value: over(keeper), unit: 'x', goal: { atMost: 1 } },
  ];
}

function lossMeasures(ledger: readonly StormSeen[]): readonly Measure[] {
  const sum = (of: (seen: StormSeen) => number): number => ledger.reduce((total, seen) => total + of(seen), 0);
  const perSecond = median(ledger.map((seen) => seen.perSecond));
  const share = (perSecond * median(ledger.map(perEvent))) / 1e4;
  return [
    {
      what: 'events a second into the ledger',
      value: perSecond,
      unit: '1/s',
      goal: { atLeast: 100_000 },
      detail: `${share.toFixed(0)} % of the CPU; the storm makes no more`,
    },
    {
      what: 'of them lost',
      value: sum(({ made }) => made) - sum(({ seen }) => seen),
      unit: 'events',
      goal: { atMost: 0 },
      detail: `of ${sum(({ made }) => made)}; ${sum(({ overruns }) => overruns)} times ENOBUFS`,
    },
  ];
}

function cpuMeasures(runs: Record<ReaderName, readonly StormSeen[]>): readonly Measure[] {
  const what = { ledger: 'ledger', floor: 'C that recvs and discards', keeper: 'C that keeps a table' };
  return (['ledger', 'floor', 'keeper'] as const).flatMap((name) => {
    const seen = runs[name];
    if (seen.length === 0) return [];
    const value = median(seen.map(perEvent));
    const range = `${Math.min(...seen.map(perEvent)).toFixed(2)} to ${Math.max(...seen.map(perEvent)).toFixed(2)}`;
    const system = median(seen.map((each) => each.system)).toFixed(2);
    const rate = median(seen.map(({ perSecond }) => perSecond)).toFixed(0);
    return [{ what: what[name], value, unit: 'us', detail: `${range}; ${system} in the kernel; ${rate} events/s` }];
  });
}

function conntrackMeasure(seen: StormSeen, ledger: number): Measure {
  return {
    what: 'conntrack -E piped to awk, over the ledger',
    value: perEvent(seen) / ledger,
    unit: 'x',
    detail: `${perEvent(seen).toFixed(1)} us; ${seen.perSecond.toFixed(0)} events/s; ${seen.made - seen.seen} of ${seen.made} lost`,
  };
}

/** Microseconds of CPU. */
function perEvent({ user, system }: StormSeen): number {
  return user + system;
}
