// Who reads the events of one storm, each in a process of its own on the first CPU while the storm has the second: what they saw,
// what they missed, and what an event cost them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { allowedCpus } from '../src/lab/traffic/pin-thread.ts';

/** What one reader saw of one storm. */
export interface StormSeen {
  /** Events that happened, by whoever made them. */
  readonly made: number;
  readonly seen: number;
  /** ENOBUFS. */
  readonly overruns: number;
  readonly perSecond: number;
  /** Microseconds of CPU an event, outside and inside the kernel. */
  readonly user: number;
  readonly system: number;
}

export interface StormOptions {
  /** Of the namespace. */
  readonly path: string;
  /** Seconds that are not measured, and seconds that are. */
  readonly warmSeconds: number;
  readonly seconds: number;
}

/** Runs a reader that notes how far it is at SIGUSR2 and prints its figures at SIGTERM (event-reader-program.ts). */
export async function readStorm(command: readonly string[], options: StormOptions): Promise<StormSeen> {
  const { path, warmSeconds, seconds } = options;
  const reader = inside(path, { cpu: 0, command });
  const said = linesOf(reader);
  await said();
  const storm = startStorm(options);
  await storm.begun;
  await sleep(warmSeconds * 1000);
  reader.kill('SIGUSR2');
  await sleep(seconds * 1000);
  reader.kill('SIGUSR2');
  const made = await storm.over;
  await sleep(500);
  reader.kill('SIGTERM');
  const [seen = 0, overruns = 0, events = 0, user = 0, system = 0] = (await said()).split(' ').map(Number);
  return { made, seen, overruns, perSecond: events / seconds, user: user / events, system: system / events };
}

/** mawk keeps a table of the flows by id, as little as a parser can do. */
const PARSER = `/NEW/ { n++; for (i = 5; i <= NF; i++) if ($i ~ /^id=/) flows[substr($i, 4)] = $0 }
  /DESTROY/ { n++; delete flows[substr($NF, 4)] } END { print n }`;

/** `conntrack -E` piped to a parser, from start to end; it has no way to note how far it is. */
export async function readByConntrack({ path, warmSeconds, seconds }: StormOptions): Promise<StormSeen> {
  const all = warmSeconds + seconds;
  // The buffer is asked for as its manual says.
  const events = `timeout ${all + 8} conntrack -E -e NEW,DESTROY -o id -b 67108864`;
  const script = `TIMEFORMAT='time %U %S'; time { ${events} | awk '${PARSER}'; }`;
  const shell = inside(path, { cpu: 0, command: ['bash', '-c', script] });
  const [said, ended] = [linesOf(shell), once(shell, 'close')];
  let errors = '';
  shell.stderr?.on('data', (chunk: Buffer) => (errors += String(chunk)));
  await sleep(1000);
  const storm = startStorm({ path, warmSeconds, seconds });
  const made = await storm.over;
  const seen = Number(await said());
  await ended;
  const [, user = 0, system = 0] = (/time (\S+) (\S+)/.exec(errors) ?? []).map(Number);
  const overruns = errors.split('ENOBUFS').length - 1;
  return { made, seen, overruns, perSecond: seen / all, user: (user * 1e6) / seen, system: (system * 1e6) / seen };
}

interface RunningStorm {
  readonly begun: Promise<unknown>;
  /** How many events it made. */
  readonly over: Promise<number>;
}

function startStorm({ path, warmSeconds, seconds }: StormOptions): RunningStorm {
  const program = fileURLToPath(new URL('./event-storm-program.js', import.meta.url));
  const command = [process.execPath, program, String(warmSeconds + seconds + 1)];
  const said = linesOf(inside(path, { cpu: 1, command }));
  const begun = said();
  return { begun, over: begun.then(said).then(Number) };
}

/** The whole process stays on the `cpu`th CPU there is, its garbage collector and compiler too. */
function inside(path: string, { cpu, command }: { cpu: number; command: readonly string[] }): ChildProcess {
  const allowed = allowedCpus(readFileSync('/proc/self/status', 'latin1'));
  const args = [`--net=${path}`, '--', 'taskset', '-c', String(allowed[cpu] ?? allowed[0] ?? 0), ...command];
  return spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The lines a program prints, one a call. */
function linesOf({ stdout }: ChildProcess): () => Promise<string> {
  if (stdout === null) throw new Error('Cannot read a program without its output');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async () => String((await lines.next()).value);
}
