// A scrape of 5,000 series over HTTP: from the request to the last byte, what it costs the server, and both beside a server that
// has the same bytes ready.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BenchOptions, type Benchmark, type Report, median } from './benchmark.ts';

const SCRAPES = 20;
/** Scrapes do not come one upon the other. */
const BETWEEN_MILLISECONDS = 50;

export const scrapeBenchmark: Benchmark = {
  name: 'scrape',
  async *run({ quick }: BenchOptions): AsyncIterable<Report> {
    const program = fileURLToPath(new URL('./scrape-server-program.js', import.meta.url));
    const server = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      yield await compare(await firstLine(server), quick ? 1 : 5);
    } finally {
      server.kill('SIGTERM');
    }
  },
};

interface Scraped {
  readonly milliseconds: number;
  /** Of the server. */
  readonly cpuMilliseconds: number;
}

async function compare(url: string, rounds: number): Promise<Report> {
  const first = await time(`${url}/metrics`);
  await time(`${url}/ready`);
  const made: Scraped[] = [];
  const ready: Scraped[] = [];
  for (let round = 0; round < rounds; round += 1) {
    made.push(await scrapes(url, '/metrics'));
    ready.push(await scrapes(url, '/ready'));
  }
  const series = first.text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const middle = (of: (scraped: Scraped) => number, some: readonly Scraped[]): number => median(some.map(of));
  const wall = middle(({ milliseconds }) => milliseconds, made);
  const cpu = middle(({ cpuMilliseconds }) => cpuMilliseconds, made);
  const readyCpu = middle(({ cpuMilliseconds }) => cpuMilliseconds, ready);
  return {
    title: `scrape: ${series} series, ${(first.text.length / 1e6).toFixed(2)} MB, ${rounds} x ${SCRAPES} scrapes over HTTP`,
    measures: [
      {
        what: 'from the request to the last byte',
        value: wall,
        unit: 'ms',
        goal: { atMost: 10 },
        detail: `${first.milliseconds.toFixed(1)} ms the very first, whose code no one ran before`,
      },
      {
        what: 'CPU of the server a scrape',
        value: cpu,
        unit: 'ms',
        goal: { atMost: 10 },
        detail: `${readyCpu.toFixed(1)} ms when the bytes are ready`,
      },
      { what: 'the same over a server with the bytes ready', value: cpu / readyCpu, unit: 'x' },
    ],
  };
}

/** Medians of some scrapes. */
async function scrapes(url: string, path: string): Promise<Scraped> {
  const before = Number((await time(`${url}/cpu`)).text);
  const times: number[] = [];
  for (let index = 0; index < SCRAPES; index += 1) {
    times.push((await time(`${url}${path}`)).milliseconds);
    await sleep(BETWEEN_MILLISECONDS);
  }
  const after = Number((await time(`${url}/cpu`)).text);
  return { milliseconds: median(times), cpuMilliseconds: (after - before) / 1000 / SCRAPES };
}

function time(url: string): Promise<{ readonly milliseconds: number; readonly text: string }> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ milliseconds: performance.now() - start, text: Buffer.concat(chunks).toString() }),
      );
    }).on('error', reject);
  });
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('Cannot read a program without its output');
  const [line]: unknown[] = await once(createInterface({ input: stdout }), 'line');
  return String(line);
}
