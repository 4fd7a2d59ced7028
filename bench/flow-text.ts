// Reading `conntrack -L` text of a million flows: how fast, in how much memory, and beside the time conntrack needs to print it.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Benchmark, type Measure, type Report, median } from './benchmark.ts';
import { withRoomFor } from './conntrack-limit.ts';
import { writeFlowText } from './flow-mix-text.ts';
import { run as runCommand, runIn } from './peers.ts';
import { pipedPeak } from './piped-peak.ts';
import { populatedNamespace } from './populated-namespace.ts';

const FLOWS = 1_000_000;
const ROUNDS = 7;
/** As many as 256 MiB of text hold. */
const PIPED_FLOWS = 1_711_000;
const PIPED_ROUNDS = 3;
const READ = fileURLToPath(new URL('./flow-text-read.js', import.meta.url));

interface ReadRun {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakMegabytes: number;
  readonly entries: number;
  readonly kept: number;
  readonly unreadable: number;
}

export const flowTextBenchmark: Benchmark = {
  name: 'flow-text',
  async *run({ quick }): AsyncIterable<Report> {
    const flows = quick ? FLOWS / 10 : FLOWS;
    const folder = mkdtempSync(join(tmpdir(), 'portolan-bench-'));
    const file = join(folder, 'flows.txt');
    try {
      writeFlowText(file, flows);
      const runs: ReadRun[] = [];
      for (let round = 0; round < ROUNDS; round += 1) runs.push(await readOnce(file, flows));
      const title = `flow-text: conntrack -L of ${flows.toLocaleString('en')} flows, medians of ${ROUNDS} processes`;
      yield { title, measures: measuresOf(runs, statSync(file).size) };
      yield await throughPipe(file, quick);
      yield* besideConntrack(runs, flows);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function readOnce(file: string, flows: number): Promise<ReadRun> {
  const { stdout } = await runCommand([process.execPath, READ, file], true);
  const run = JSON.parse(stdout) as ReadRun;
  if (run.entries !== flows || run.unreadable !== 0) throw new Error(`Cannot read: ${stdout}`);
  return run;
}

function measuresOf(runs: readonly ReadRun[], bytes: number): readonly Measure[] {
  const wall = median(runs.map(({ milliseconds }) => milliseconds));
  const cpu = median(runs.map(({ cpuMilliseconds }) => cpuMilliseconds));
  const [least, most] = [Math.min, Math.max].map((of) => of(...runs.map(({ cpuMilliseconds }) => cpuMilliseconds)));
  const { entries = 1, kept = 0 } = runs[0] ?? {};
  const rate = (milliseconds: number): number => bytes / 1000 / milliseconds;
  return [
    {
      what: 'text to table, MB a second of CPU',
      value: rate(cpu),
      unit: 'MB/s',
      goal: { atLeast: 150 },
      detail: `best ${rate(least ?? 0).toFixed(0)}, worst ${rate(most ?? 0).toFixed(0)}; ${(bytes / 1e6).toFixed(0)} MB, ${kept.toLocaleString('en')} flows kept`,
    },
    { what: 'the same by the clock, file reads included', value: rate(wall), unit: 'MB/s' },
    { what: 'CPU a flow', value: (cpu * 1e6) / entries, unit: 'ns' },
    {
      what: 'peak RSS of the process',
      value: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
      unit: 'MB',
      goal: { atMost: 160 },
    },
  ];
}

/** What the whole program needs for a table that comes once and cannot be read again. */
async function throughPipe(file: string, quick: boolean): Promise<Report> {
  const flows = quick ? PIPED_FLOWS / 10 : PIPED_FLOWS;
  writeFlowText(file, flows);
  const peaks: number[] = [];
  for (let round = 0; round < PIPED_ROUNDS; round += 1) peaks.push(await pipedPeak(file));
  return {
    title: `flow-text: ${flows.toLocaleString('en')} flows through a pipe, portolan diagnose -`,
    measures: [
      {
        what: 'peak RSS of the program',
        value: Math.max(...peaks),
        unit: 'MB',
        goal: { atMost: 160 },
        detail: `${(statSync(file).size / 1e6).toFixed(0)} MB of text; the others ${peaks.map((peak) => peak.toFixed(0)).join(', ')}`,
      },
    ],
  };
}

/** How long conntrack takes to print as many; needs room in the kernel's table. */
async function* besideConntrack(runs: readonly ReadRun[], flows: number): AsyncIterable<Report> {
  const title = `flow-text: beside conntrack -L >/dev/null, ${flows.toLocaleString('en')} entries`;
  yield* withRoomFor(flows * 1.01, async function* (room) {
    if (room < flows) {
      const notes = [`not run: nf_conntrack_max is ${room} and could not be raised (needs root)`];
      yield { title, measures: [], notes };
      return;
    }
    const namespace = await populatedNamespace(flows);
    try {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        times.push((await runIn(namespace.path, ['conntrack', '-L'])).milliseconds);
      }
      const printing = median(times);
      const reading = median(runs.map(({ milliseconds }) => milliseconds));
      const detail = `prints in ${printing.toFixed(0)} ms, read in ${reading.toFixed(0)} ms`;
      const measure = { what: 'conntrack -L >/dev/null / reading its text', value: printing / reading, unit: 'x' };
      yield { title, measures: [{ ...measure, goal: { atLeast: 1 }, detail }] };
    } finally {
      await namespace.close();
    }
  });
}
