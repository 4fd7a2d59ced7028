// What the agent costs: CPU and memory at rest and under churn for tables of several sizes, and the time of a scrape.
// With --write it also writes docs/reference/overhead.md.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sampleReport } from '../test/agent/sample-report.ts';
import { exposition } from '../src/protocol/metrics/exposition.ts';
import { type BenchOptions, type Benchmark, type Measure, type Report, median } from './benchmark.ts';
import { withRoomFor } from './conntrack-limit.ts';
import { populatedNamespace } from './populated-namespace.ts';

interface Situation {
  readonly entries: number;
  readonly newPerSecond: number;
  /** CPU share and megabytes the agent may take, where there is a goal. */
  readonly most?: { readonly percent: number; readonly megabytes?: number };
}

/** Entries of the mix: seven in ten are SNATed. */
const SITUATIONS: readonly Situation[] = [
  { entries: 10_000, newPerSecond: 0 },
  { entries: 100_000, newPerSecond: 0, most: { percent: 1 } },
  { entries: 100_000, newPerSecond: 1000 },
  { entries: 200_000, newPerSecond: 5000, most: { percent: 10, megabytes: 120 } },
  { entries: 1_000_000, newPerSecond: 5000 },
];
const QUICK: readonly Situation[] = [{ entries: 10_000, newPerSecond: 1000 }];

/** Start and first look are not the steady state. */
const WARM_SECONDS = 20;

export const agentOverheadBenchmark: Benchmark = {
  name: 'agent-overhead',
  async *run(options: BenchOptions): AsyncIterable<Report> {
    const rows: Row[] = [];
    const situations = options.quick ? QUICK : SITUATIONS;
    const most = Math.max(...situations.map(({ entries }) => entries));
    yield* withRoomFor(most * 1.25, async function* (room) {
      for (const situation of situations.filter(({ entries }) => entries < room)) {
        const row = await measure(situation, options);
        rows.push(row);
        yield reportOf(row);
      }
    });
    const scrape = scrapeReport();
    yield scrape;
    if (options.write === true) writePage(rows, scrape);
  },
};

interface Row extends Situation {
  readonly seconds: number;
  readonly percent: number;
  readonly megabytes: number;
  readonly ledgerBytes: number;
  readonly flows: number;
  readonly resyncSeconds: number;
  readonly overruns: number;
}

async function measure(situation: Situation, { quick }: BenchOptions): Promise<Row> {
  const { entries, newPerSecond } = situation;
  const seconds = quick ? 10 : 60;
  const namespace = await populatedNamespace(entries);
  const agent = spawn('nsenter', agentCommand(namespace.path), { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await firstLine(agent);
    const storm =
      newPerSecond === 0
        ? undefined
        : startStorm(namespace.path, { newPerSecond, seconds: seconds + WARM_SECONDS + 5 });
    await sleep(WARM_SECONDS * 1000);
    const pid = agent.pid ?? 0;
    const before = cpuSeconds(pid);
    await sleep(seconds * 1000);
    const percent = ((cpuSeconds(pid) - before) / seconds) * 100;
    const metrics = await scrape(namespace.path);
    storm?.kill('SIGTERM');
    return {
      ...situation,
      seconds,
      percent,
      megabytes: residentMegabytes(pid),
      ledgerBytes: valueOf(metrics, 'portolan_agent_ledger_bytes'),
      flows:
        valueOf(metrics, 'portolan_flows{direction="snat"}') + valueOf(metrics, 'portolan_flows{direction="host"}'),
      resyncSeconds: valueOf(metrics, 'portolan_agent_last_resync_duration_seconds'),
      overruns: valueOf(metrics, 'portolan_agent_event_overruns_total'),
    };
  } finally {
    agent.kill('SIGTERM');
    await once(agent, 'exit');
    await namespace.close();
  }
}

function agentCommand(path: string): readonly string[] {
  const up = 'ip link set lo up && exec "$@"';
  return [`--net=${path}`, '--', 'sh', '-c', up, 'sh', process.execPath, 'bin/portolan.js', 'agent', '--cpu', '100'];
}

function startStorm(path: string, { newPerSecond, seconds }: { newPerSecond: number; seconds: number }): ChildProcess {
  const program = fileURLToPath(new URL('./event-storm-program.js', import.meta.url));
  const command = [process.execPath, program, String(seconds), String(newPerSecond)];
  return spawn('nsenter', [`--net=${path}`, '--', ...command], { stdio: 'ignore' });
}

/** The agent says where its metrics are once its first look is over. */
async function firstLine(agent: ChildProcess): Promise<void> {
  if (agent.stderr !== null) await once(createInterface({ input: agent.stderr }), 'line');
}

async function scrape(path: string): Promise<string> {
  const child = spawn('nsenter', [`--net=${path}`, '--', 'curl', '-s', 'http://127.0.0.1:9976/metrics']);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(child, 'close');
  return text;
}

function valueOf(metrics: string, series: string): number {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? Number.NaN);
}

/** utime and stime of /proc/PID/stat, in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function residentMegabytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(match?.[1]) / 1024;
}

function reportOf(row: Row): Report {
  const { most } = row;
  const megabytes = most?.megabytes;
  return {
    title: `agent-overhead: ${row.entries} entries, ${row.newPerSecond} new flows a second, ${row.seconds} s`,
    measures: [
      {
        what: 'CPU of the agent, percent of one CPU',
        value: row.percent,
        unit: '%',
        ...(most === undefined ? {} : { goal: { atMost: most.percent } }),
        detail: `last resync ${row.resyncSeconds.toFixed(2)} s, ${row.overruns} overruns`,
      },
      {
        what: 'resident memory of the agent',
        value: row.megabytes,
        unit: 'MB',
        ...(megabytes === undefined ? {} : { goal: { atMost: megabytes } }),
        detail: `${(row.ledgerBytes / Math.max(1, row.flows)).toFixed(0)} bytes a flow in the ledger`,
      },
    ],
  };
}

/** The text of 5,000 series, made anew each time. */
function scrapeReport(): Report {
  const report = { ...sampleReport({ spaces: 220, sources: 100 }) };
  const input = { report, process: { cpuSeconds: 1, residentBytes: 1, startSeconds: 1 }, version: '0' };
  const times: number[] = [];
  let series = 0;
  for (let round = 0; round < 60; round += 1) {
    const start = performance.now();
    const text = exposition(input, 'prometheus');
    times.push(performance.now() - start);
    series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  }
  const measures: readonly Measure[] = [
    { what: `scrape of ${series} series`, value: median(times), unit: 'ms', goal: { atMost: 10 } },
  ];
  return { title: 'agent-overhead: a scrape', measures };
}

function writePage(rows: readonly Row[], { measures }: Report): void {
  const [scraped] = measures;
  const lines = [
    '# What the agent costs',
    '<!-- Made by npm run bench -- agent-overhead --write -->',
    `\`npm run bench -- agent-overhead --write\` measured this on Linux ${release()}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'CPU'}, the agent's CPU budget lifted (\`--cpu 100\`). A new flow is two events: its beginning and its end.`,
    [
      '| Conntrack entries | New flows/s | CPU, of one CPU | Memory | Ledger, bytes a flow | Resync | Overruns |',
      '|---|---|---|---|---|---|---|',
      ...rows.map(
        (row) =>
          `| ${row.entries.toLocaleString('en')} | ${row.newPerSecond.toLocaleString('en')} | ${row.percent.toFixed(1)} % | ${row.megabytes.toFixed(0)} MB | ${(row.ledgerBytes / Math.max(1, row.flows)).toFixed(0)} | ${row.resyncSeconds.toFixed(2)} s | ${row.overruns} |`,
      ),
    ].join('\n'),
    `A scrape: ${scraped?.what ?? ''} in ${scraped?.value.toFixed(1) ?? '?'} ms. Events a second, and what one costs beside a reader in C: \`npm run bench -- agent-events\`.`,
  ];
  writeFileSync('docs/reference/overhead.md', `${lines.join('\n\n')}\n`);
}
