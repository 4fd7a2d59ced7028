// The conntrack text of a node of 100,000 flows by exec: from a true WebSocket over TLS into columns, as it streams.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Benchmark, median, type Report } from './benchmark.ts';
import { makeCertificate, writeKubeconfigFor } from './cluster/self-signed.ts';
import { writeFlowText } from './flow-mix-text.ts';
import { run as runCommand } from './peers.ts';

const FLOWS = 100_000;
const ROUNDS = 7;
const SERVER = fileURLToPath(new URL('cluster/exec-server.js', import.meta.url));
const READ = fileURLToPath(new URL('exec-text-read.js', import.meta.url));
/** Reads the same text from its file, in a process as cold. */
const READ_FILE = fileURLToPath(new URL('flow-text-read.js', import.meta.url));

interface ExecRun {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakMegabytes: number;
  readonly bytes: number;
  readonly entries: number;
  readonly unreadable: number;
  /** The fourth node that the process read. */
  readonly later: { readonly cpuMilliseconds: number };
}

export const execTextBenchmark: Benchmark = {
  name: 'exec-text',
  async *run({ quick }): AsyncIterable<Report> {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-bench-'));
    const file = join(folder, 'flows.txt');
    writeFlowText(file, FLOWS);
    makeCertificate(folder);
    const server = spawn(process.execPath, [SERVER, folder, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      writeKubeconfigFor(folder, String(await once(server.stdout, 'data')).trim());
      const runs: ExecRun[] = [];
      const fromFile: number[] = [];
      for (let round = 0; round < (quick ? 3 : ROUNDS); round += 1) {
        runs.push(await readOnce(folder));
        fromFile.push(await readFileOnce(file));
      }
      yield reportOf(runs, median(fromFile));
    } finally {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function readOnce(folder: string): Promise<ExecRun> {
  const { stdout } = await runCommand([process.execPath, READ, folder], true);
  const run: ExecRun = JSON.parse(stdout);
  if (run.entries !== FLOWS || run.unreadable !== 0) throw new Error(`Cannot read: ${stdout}`);
  return run;
}

/** Milliseconds of CPU. */
async function readFileOnce(file: string): Promise<number> {
  const { stdout } = await runCommand([process.execPath, READ_FILE, file], true);
  const run: Pick<ExecRun, 'cpuMilliseconds'> = JSON.parse(stdout);
  return run.cpuMilliseconds;
}

function reportOf(runs: readonly ExecRun[], fromFile: number): Report {
  const rate = (run: ExecRun, milliseconds: number): number => run.bytes / 1000 / milliseconds;
  const ofCpu = runs.map((run) => rate(run, run.cpuMilliseconds));
  const cpu = median(runs.map(({ cpuMilliseconds }) => cpuMilliseconds));
  const megabytes = ((runs[0]?.bytes ?? 0) / 1e6).toFixed(0);
  return {
    title: `exec-text: conntrack -L of ${FLOWS.toLocaleString('en')} flows over a WebSocket, medians of ${runs.length} processes`,
    measures: [
      {
        what: 'WebSocket to table, MB a second of CPU, first node of a process',
        value: median(ofCpu),
        unit: 'MB/s',
        goal: { atLeast: 50 },
        detail: `best ${Math.max(...ofCpu).toFixed(0)}; ${megabytes} MB, TLS and frames included`,
      },
      {
        what: 'the same, fourth node of the process',
        value: median(runs.map((run) => rate(run, run.later.cpuMilliseconds))),
        unit: 'MB/s',
        goal: { atLeast: 50 },
      },
      {
        what: 'CPU over reading the same text from a file',
        value: cpu / fromFile,
        unit: 'x',
        detail: `${cpu.toFixed(0)} ms over ${fromFile.toFixed(0)} ms`,
      },
      { what: 'the same by the clock', value: median(runs.map((run) => rate(run, run.milliseconds))), unit: 'MB/s' },
      {
        what: 'peak RSS of the process',
        value: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
        unit: 'MB',
      },
    ],
  };
}
