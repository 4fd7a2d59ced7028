// What the agent costs: CPU and memory for tables of several sizes, at rest and while connections come and go.
// With --write it also writes docs/reference/overhead.md.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { resyncAfterSeconds } from '../src/agent/resync-schedule.ts';
import type { BenchOptions, Benchmark, Report } from './benchmark.ts';
import { withRoomFor } from './conntrack-limit.ts';
import { HISTORY_BYTES, type OverheadRow, writeOverheadPage } from './overhead-page.ts';
import { populatedNamespace } from './populated-namespace.ts';
import { RunningAgent, type Scrape, cpuSecondsOf, valueOf } from './running-agent.ts';

/** Entries of the mix, of which seven in ten hold a port: 143,000 are 100,000 flows. The default nf_conntrack_max is 262,144. */
const ENTRIES: readonly number[] = [10_000, 143_000, 262_144, 1_000_000];
const NEW_PER_SECOND: readonly number[] = [0, 1000, 5000, 20_000];

/** Start, first look and compilation are not the steady state. */
const WARM_SECONDS = 12;
const SETTLE_SECONDS = 5;
/** At rest so little runs that compilation takes a minute, and a figure of half a percent needs another. */
const WHOLE = { restSeconds: 60, busySeconds: 20 };
const QUICK = { restSeconds: 8, busySeconds: 8 };

interface Measuring {
  readonly churn: readonly number[];
  readonly restSeconds: number;
  readonly busySeconds: number;
}

export const agentOverheadBenchmark: Benchmark = {
  name: 'agent-overhead',
  async *run({ quick, write }: BenchOptions): AsyncIterable<Report> {
    const rows: OverheadRow[] = [];
    const sizes = quick ? ENTRIES.slice(0, 1) : ENTRIES;
    const times = quick ? QUICK : WHOLE;
    const churn = quick ? NEW_PER_SECOND.slice(0, 2) : NEW_PER_SECOND;
    yield* withRoomFor(Math.max(...sizes) * 1.25, async function* (room) {
      for (const entries of sizes.filter((size) => size < room))
        for await (const row of measure(entries, { churn, ...times })) {
          rows.push(row);
          yield reportOf(row);
        }
    });
    if (write === true) writeOverheadPage(rows);
  },
};

async function* measure(entries: number, { churn, restSeconds, busySeconds }: Measuring): AsyncIterable<OverheadRow> {
  const namespace = await populatedNamespace(entries);
  const agent = await RunningAgent.start(namespace.path);
  try {
    await sleep(WARM_SECONDS * 1000);
    for (const newPerSecond of churn) {
      const seconds = newPerSecond === 0 ? restSeconds : busySeconds;
      if (newPerSecond === 0) await sleep(restSeconds * 1000);
      const storm = startStorm(namespace.path, { newPerSecond, seconds });
      await sleep(SETTLE_SECONDS * 1000);
      const before = await agent.scrape();
      await sleep(seconds * 1000);
      const after = await agent.scrape();
      const lookSeconds = await agent.lookSeconds();
      await stopStorm(storm);
      yield rowOf({ entries, newPerSecond, seconds, before, after, lookSeconds, peakMegabytes: agent.peakMegabytes });
    }
  } finally {
    await agent.stop();
    await namespace.close();
  }
}

interface Measured {
  readonly entries: number;
  readonly newPerSecond: number;
  readonly seconds: number;
  readonly before: Scrape;
  readonly after: Scrape;
  readonly lookSeconds: number;
  readonly peakMegabytes: number;
}

function rowOf(measured: Measured): OverheadRow {
  const { before, after, lookSeconds, seconds } = measured;
  const grown = (series: string): number => valueOf(after, series) - valueOf(before, series);
  const resyncSeconds = valueOf(after, 'portolan_agent_last_resync_duration_seconds');
  const everySeconds = resyncAfterSeconds({
    lastCpuSeconds: lookSeconds,
    lossesInARow: 0,
    isCurrent: true,
    overdueShare: 0,
    stretch: 1,
  });
  // A look comes rarer than the measurement is long: its part is reckoned, whether or not one fell into it.
  const looks = grown('portolan_agent_resyncs_total');
  const between = (cpuSecondsOf(after) - cpuSecondsOf(before) - looks * lookSeconds) / seconds;
  const flows = ['snat', 'host', 'inbound'].map((kind) => valueOf(after, `portolan_flows{direction="${kind}"}`));
  return {
    ...measured,
    flows: flows.reduce((sum, some) => sum + some, 0),
    percent: 100 * (Math.max(0, between) + lookSeconds / everySeconds),
    resyncSeconds,
    everySeconds,
    megabytes: valueOf(after, 'process_resident_memory_bytes') / 2 ** 20,
    ledgerBytes: valueOf(after, 'portolan_agent_ledger_bytes') - HISTORY_BYTES,
    eventsPerSecond: grown('portolan_agent_events_total') / seconds,
    overruns: grown('portolan_agent_event_overruns_total'),
  };
}

function startStorm(
  path: string,
  { newPerSecond, seconds }: { newPerSecond: number; seconds: number },
): ChildProcess | undefined {
  if (newPerSecond === 0) return undefined;
  const program = fileURLToPath(new URL('./event-storm-program.js', import.meta.url));
  const command = [process.execPath, program, String(seconds + 60), String(newPerSecond)];
  return spawn('nsenter', [`--net=${path}`, '--', ...command], { stdio: 'ignore' });
}

async function stopStorm(storm: ChildProcess | undefined): Promise<void> {
  if (storm === undefined) return;
  const ended = once(storm, 'exit');
  storm.kill('SIGTERM');
  await ended;
}

function reportOf(row: OverheadRow): Report {
  const { entries, flows, newPerSecond, seconds, resyncSeconds, everySeconds, lookSeconds } = row;
  const goal = goalOf(row);
  const look = `a look of ${lookSeconds.toFixed(2)} s CPU, ${resyncSeconds.toFixed(2)} s of it a resync, every ${everySeconds.toFixed(0)} s`;
  return {
    title: `agent-overhead: ${entries} entries, ${flows} flows, ${newPerSecond} new a second, ${seconds} s`,
    measures: [
      {
        what: 'CPU of the agent, of one CPU',
        value: row.percent,
        unit: '%',
        ...(goal === undefined ? {} : { goal: { atMost: goal.percent } }),
        detail: look,
      },
      {
        what: 'resident memory of the agent',
        value: row.megabytes,
        unit: 'MB',
        ...(goal?.megabytes === undefined ? {} : { goal: { atMost: goal.megabytes } }),
        detail: `${row.peakMegabytes.toFixed(0)} MB at its most; ${(row.ledgerBytes / Math.max(1, flows)).toFixed(0)} bytes a flow in the ledger`,
      },
      {
        what: 'events lost (ENOBUFS)',
        value: row.overruns,
        unit: 'times',
        goal: { atMost: 0 },
        detail: `${row.eventsPerSecond.toFixed(0)} events a second`,
      },
    ],
  };
}

function goalOf({ entries, newPerSecond }: OverheadRow): { percent: number; megabytes?: number } | undefined {
  if (entries === 143_000 && newPerSecond === 0) return { percent: 1 };
  return entries === 262_144 && newPerSecond === 5000 ? { percent: 10, megabytes: 120 } : undefined;
}
