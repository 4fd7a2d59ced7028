// Events read by the agent's ledger, by a blocking reader in C, and by `conntrack -E` into a parser, each under the same storm:
// events a second without a loss, and CPU an event. Reader and storm have a CPU each.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createNetns } from '../src/kernel/netns/network-namespace.ts';
import { type BenchOptions, type Benchmark, type Report, median } from './benchmark.ts';
import { compileEventReader } from './peers.ts';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

export const agentEventsBenchmark: Benchmark = {
  name: 'agent-events',
  async *run(options: BenchOptions): AsyncIterable<Report> {
    const namespace = await emptyNamespace();
    const reader = compileEventReader();
    try {
      yield await compare({ path: namespace.path, reader: reader?.program, options });
    } finally {
      reader?.close();
      await namespace.close();
    }
  },
};

/** What one reader saw. */
interface Seen {
  readonly seconds: number;
  readonly events: number;
  readonly overruns: number;
  readonly cpuMicroseconds: number;
}

const WARM_SECONDS = 4;

interface Setting {
  readonly path: string;
  readonly reader: string | undefined;
  readonly options: BenchOptions;
}

async function compare({ path, reader, options }: Setting): Promise<Report> {
  const seconds = options.quick ? 3 : 8;
  const rounds = options.quick ? 1 : 3;
  const runs: { agent: Seen; peer: Seen | undefined }[] = [];
  for (let round = 0; round < rounds; round += 1)
    runs.push({
      agent: await agentReader(path, seconds),
      peer: reader === undefined ? undefined : await blockingReader(path, { program: reader, seconds }),
    });
  const piped = await conntrackReader(path, seconds);
  const agent = runs.map((run) => run.agent);
  const peers = runs.flatMap((run) => (run.peer === undefined ? [] : [run.peer]));
  const ratios = runs.flatMap((run) => (run.peer === undefined ? [] : [perEvent(run.agent) / perEvent(run.peer)]));
  const overruns = agent.reduce((sum, seen) => sum + seen.overruns, 0);
  return {
    title: `agent-events: conntrack events under the same storm, ${rounds} x ${seconds} s`,
    measures: [
      {
        what: 'CPU an event, ledger over blocking C reader',
        value: median(ratios),
        unit: 'x',
        goal: { atMost: 1 },
        detail: `${median(agent.map(perEvent)).toFixed(2)} us beside ${median(peers.map(perEvent)).toFixed(2)} us`,
      },
      {
        what: 'events the ledger took without a loss',
        value: median(agent.map(perSecond)),
        unit: '1/s',
        goal: { atLeast: 100_000 },
        detail: `${overruns} overruns; the storm makes no more`,
      },
      { what: 'events the C reader took', value: median(peers.map(perSecond)), unit: '1/s' },
      {
        what: 'events conntrack -E piped to a parser',
        value: perSecond(piped),
        unit: '1/s',
        detail: `${perEvent(piped).toFixed(1)} us an event, ${piped.overruns} overruns`,
      },
    ],
    notes: reader === undefined ? ['no C compiler: the blocking reader was not measured'] : [],
  };
}

function perEvent({ cpuMicroseconds, events }: Seen): number {
  return cpuMicroseconds / Math.max(1, events);
}

function perSecond({ events, seconds }: Seen): number {
  return events / seconds;
}

function inside(path: string, command: readonly string[]): ChildProcess {
  return spawn('nsenter', [`--net=${path}`, '--', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function startStorm(path: string, seconds: number): ChildProcess {
  return inside(path, [process.execPath, programPath('event-storm-program'), String(seconds), '0', '1']);
}

function programPath(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

/** The lines a program prints. */
async function lineOf(child: ChildProcess): Promise<() => Promise<string>> {
  if (child.stdout === null) throw new Error('Cannot read a program without its output');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async () => {
    const { value } = await lines.next();
    return String(value);
  };
}

async function agentReader(path: string, seconds: number): Promise<Seen> {
  const child = inside(path, [
    process.execPath,
    programPath('event-reader-program'),
    String(WARM_SECONDS),
    String(seconds),
  ]);
  const next = await lineOf(child);
  await next();
  const storm = startStorm(path, WARM_SECONDS + seconds + 2);
  const [events = 0, overruns = 0, cpuMicroseconds = 0] = (await next()).split(' ').map(Number);
  await once(storm, 'exit');
  return { seconds, events, overruns, cpuMicroseconds };
}

async function blockingReader(path: string, { program, seconds }: { program: string; seconds: number }): Promise<Seen> {
  const child = inside(path, ['taskset', '-c', '0', program]);
  const next = await lineOf(child);
  await next();
  const storm = startStorm(path, seconds);
  await once(storm, 'exit');
  await sleep(200);
  child.kill('SIGTERM');
  const [events = 0, overruns = 0, cpuMicroseconds = 0] = (await next()).split(' ').map(Number);
  return { seconds, events, overruns, cpuMicroseconds };
}

async function conntrackReader(path: string, seconds: number): Promise<Seen> {
  const child = inside(path, ['conntrack', '-E', '-e', 'NEW,DESTROY', '-o', 'id', '-b', '67108864']);
  let overruns = 0;
  child.stderr?.on('data', (chunk: Buffer) => (overruns += String(chunk).includes('No buffer space') ? 1 : 0));
  await sleep(500);
  const before = process.cpuUsage();
  let events = 0;
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (/\[(NEW|DESTROY)\]\s+(\w+).* src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+).*id=(\d+)/.test(line)) events += 1;
    });
  const storm = startStorm(path, seconds);
  await once(storm, 'exit');
  await sleep(500);
  const { user, system } = process.cpuUsage(before);
  const childMicroseconds = cpuOf(child.pid ?? 0);
  child.kill('SIGTERM');
  return { seconds, events, overruns, cpuMicroseconds: user + system + childMicroseconds };
}

/** utime and stime of /proc/PID/stat, in ticks of 10 ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

interface EmptyNamespace {
  readonly path: string;
  close(): Promise<void>;
}

/** A thread holds it open. */
async function emptyNamespace(): Promise<EmptyNamespace> {
  const worker = new Worker(new URL(import.meta.url));
  const [fd]: unknown[] = await once(worker, 'message');
  return {
    path: `/proc/${process.pid}/fd/${String(fd)}`,
    close: async () => {
      worker.postMessage('close');
      await once(worker, 'exit');
    },
  };
}

if (!isMainThread && parentPort !== null && import.meta.url.endsWith('agent-events.js')) {
  const port = parentPort;
  port.postMessage(createNetns());
  port.once('message', () => process.exit(0));
}
