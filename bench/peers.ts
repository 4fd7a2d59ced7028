// The programs portolan is measured against, each run in a namespace: a bare C dump, conntrack, cat of the proc file.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Source files are not compiled into dist: they lie beside the package file. */
const BARE_DUMP_SOURCE = 'bench/peers/bare-dump.c';
const EVENT_READER_SOURCE = 'bench/peers/event-reader.c';

export interface CommandRun {
  readonly milliseconds: number;
  readonly stdout: string;
}

/** Runs a command in a namespace; its output is thrown away unless it is kept. */
export function runIn(path: string, command: readonly string[], keep = false): Promise<CommandRun> {
  return run(['nsenter', `--net=${path}`, '--', ...command], keep);
}

/** Runs a command where this process is. */
export async function run(command: readonly string[], keep = false): Promise<CommandRun> {
  const start = performance.now();
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', keep ? 'pipe' : 'ignore', 'ignore'] });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  return { milliseconds: performance.now() - start, stdout };
}

/** A compiled floor. */
export interface CompiledPeer {
  readonly program: string;
  close(): void;
}

/** Compiles the bare dump with the machine's C compiler; undefined when there is none. */
export function compileBareDump(): CompiledPeer | undefined {
  return compile(BARE_DUMP_SOURCE);
}

/** Compiles the blocking event reader; undefined without a C compiler. */
export function compileEventReader(): CompiledPeer | undefined {
  return compile(EVENT_READER_SOURCE);
}

function compile(source: string): CompiledPeer | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-bench-'));
  const program = join(folder, 'peer');
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync('gcc', ['-O2', '-o', program, source], { stdio: 'ignore' });
    return { program, close };
  } catch {
    close();
    return undefined;
  }
}

/** Milliseconds of one bare dump, process start excluded. */
export interface BareTime {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
}

/** Runs the bare dump once. */
export async function bareDump(path: string, program: string): Promise<BareTime> {
  const { stdout } = await runIn(path, [program], true);
  const [, wall, cpu] = stdout.split(' ');
  return { milliseconds: Number(wall) / 1000, cpuMilliseconds: Number(cpu) / 1000 };
}
