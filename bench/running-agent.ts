// `portolan agent` in a namespace, without a budget: what it says of itself, and what a look costs it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Series by name with labels, as a scrape shows them. */
export type Scrape = ReadonlyMap<string, number>;

export class RunningAgent {
  readonly #path: string;
  readonly #process: ChildProcess;

  private constructor(path: string) {
    this.#path = path;
    const up = 'ip link set lo up && exec "$@"';
    const agent = [process.execPath, 'bin/portolan.js', 'agent', '--cpu', '100'];
    this.#process = this.#inside(['sh', '-c', up, 'sh', ...agent], 'pipe');
  }

  /** Starts it and waits until its first look is over. */
  static async start(path: string): Promise<RunningAgent> {
    const agent = new RunningAgent(path);
    const { stderr } = agent.#process;
    if (stderr !== null) await once(createInterface({ input: stderr }), 'line');
    return agent;
  }

  /** The most memory it ever had, in megabytes. */
  get peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.#process.pid ?? 0}/status`, 'latin1');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  async scrape(): Promise<Scrape> {
    const lines = (await this.#get('/metrics', ['-s'])).split('\n');
    return new Map(
      lines
        .filter((line) => !line.startsWith('#'))
        .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    );
  }

  /** CPU seconds of a look at everything, and of handing it out. */
  async lookSeconds(): Promise<number> {
    const before = await this.scrape();
    await this.#get('/facts?window=0', ['-s', '-o', '/dev/null']);
    return cpuSecondsOf(await this.scrape()) - cpuSecondsOf(before);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }

  async #get(path: string, flags: readonly string[]): Promise<string> {
    const child = this.#inside(['curl', ...flags, `http://127.0.0.1:9976${path}`], 'ignore');
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
    await once(child, 'close');
    return text;
  }

  #inside(command: readonly string[], stderr: 'pipe' | 'ignore'): ChildProcess {
    return spawn('nsenter', [`--net=${this.#path}`, '--', ...command], { stdio: ['ignore', 'pipe', stderr] });
  }
}

/** User and system time of all its threads (getrusage). */
export function cpuSecondsOf(scrape: Scrape): number {
  return valueOf(scrape, 'process_cpu_seconds_total');
}

export function valueOf(scrape: Scrape, series: string): number {
  return scrape.get(series) ?? Number.NaN;
}
