// Wires the running process to the program: streams, signals, exit code. main.ts and the tests' own programs start here.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as setTimer } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { exitCodeOfAbort, FAILED } from './exit-code.ts';
import type { ProcessFigures } from '../protocol/metrics/metric.ts';
import type { Measures } from './measures.ts';
import { bugReport, runProgram } from './run-program.ts';
import type { Surroundings, TextOutput } from './surroundings.ts';

/** How long a part may take to clean up after Ctrl-C before the process ends without it. */
const CLEAN_UP_MILLISECONDS = 5000;

/** Runs the process to its end and sets its exit code. */
export async function startProgram(host: NodeJS.Process, measures: Measures): Promise<void> {
  const surroundings = surroundingsOf(host, measures);
  watchOutputs(host);
  host.on('uncaughtException', (error) => {
    host.stderr.write(bugReport(error, false, surroundings));
    host.exit(FAILED);
  });
  host.exitCode = await runProgram(surroundings);
}

function surroundingsOf(host: NodeJS.Process, measures: Measures): Surroundings {
  const startSeconds = Date.now() / 1000 - host.uptime();
  return {
    arguments: host.argv.slice(2),
    startedAs: basename(host.argv[1] ?? 'portolan', '.js'),
    scriptPath: host.argv[1] ?? '',
    variables: host.env,
    platform: host.platform,
    runtime: `node ${host.version}`,
    stdout: outputOf(host.stdout),
    stderr: outputOf(host.stderr),
    stdinIsTerminal: isatty(0),
    takeTerminal: async (events) => (await import('./top/node-terminal.ts')).takeTerminal(host, events),
    readStdin: (mostBytes) => readStream(host, mostBytes),
    streamStdin: () => bytesOf(host.stdin),
    readLine: () => readLine(host),
    docsFolder: installedDocs(),
    cpus: availableParallelism(),
    now: () => performance.now(),
    cpuMilliseconds: () => {
      const { user, system } = host.cpuUsage();
      return (user + system) / 1000;
    },
    wallClock: () => new Date().toISOString(),
    pause: () => new Promise((resume) => setImmediate(resume)),
    sleep,
    processFigures: () => ({ ...costsOf(host), startSeconds }),
    random: () => Math.random(),
    randomBytes: (count) => randomBytes(count),
    isolate: () => isolate(host),
    signal: interruptSignal(host),
    measures,
  };
}

function costsOf(host: NodeJS.Process): Omit<ProcessFigures, 'startSeconds'> {
  const { user, system } = host.cpuUsage();
  const residentBytes = residentBytesOf(host);
  return { cpuSeconds: (user + system) / 1e6, ...(residentBytes === undefined ? {} : { residentBytes }) };
}

/** Node reads /proc/self/stat for it, and throws where that is not there. */
function residentBytesOf(host: NodeJS.Process): number | undefined {
  try {
    return host.memoryUsage.rss();
  } catch {
    return undefined;
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return setTimer(milliseconds, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}

async function isolate(host: NodeJS.Process): Promise<void> {
  const { isolateProcess } = await import('../lab/isolate-process.ts').catch(withoutLibrary);
  isolateProcess({
    platform: host.platform,
    execPath: host.execPath,
    execArgv: host.execArgv,
    scriptAndArguments: host.argv.slice(1),
    env: host.env,
    uid: host.geteuid?.(),
  });
}

/** koffi throws a plain error where its native part is missing or does not fit this machine. */
function withoutLibrary(cause: unknown): never {
  const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
  throw new PortolanError('PTL_FFI', `Cannot load the native library: ${why}, wanted koffi for this machine`, {
    cause,
  });
}

async function* bytesOf(stream: NodeJS.ReadStream): AsyncGenerator<Uint8Array> {
  for await (const part of stream) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

async function readStream(host: NodeJS.Process, mostBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of bytesOf(host.stdin)) {
    parts.push(bytes.subarray(0, mostBytes - length));
    length += bytes.length;
    if (length >= mostBytes) break;
  }
  return Buffer.concat(parts);
}

/** Ends the reading of stdin afterwards, so that the process can end. */
async function readLine(host: NodeJS.Process): Promise<string | undefined> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: host.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return undefined;
}

/** `docs` beside `dist` and `bin`. */
function installedDocs(): string | undefined {
  const folder = fileURLToPath(new URL('../../../docs', import.meta.url));
  return existsSync(`${folder}/checks`) ? folder : undefined;
}

function outputOf(stream: NodeJS.WriteStream): TextOutput {
  return {
    write: (text) => void stream.write(text),
    // A pipe has no isTTY, whatever the type of the stream says.
    isTerminal: 'isTTY' in stream && stream.isTTY,
    // A terminal without a size, as `script` makes one from a pipe, says 0.
    columns: 'isTTY' in stream && stream.isTTY && stream.columns > 0 ? stream.columns : undefined,
  };
}

/** The first Ctrl-C asks everything to stop and clean up; a second one, or too long a clean-up, ends the process. */
function interruptSignal(host: NodeJS.Process): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) host.exit(exitCodeOfAbort(name));
    controller.abort(name);
    setTimeout(() => host.exit(exitCodeOfAbort(name)), CLEAN_UP_MILLISECONDS).unref();
  };
  host.on('SIGINT', stop);
  host.on('SIGTERM', stop);
  return controller.signal;
}

/**
 * `portolan diagnose | head`: when the reader leaves, nothing more is said and the exit code stays. A disk that is full
 * is one line; when stderr is the one that fails there is nobody left to tell.
 */
function watchOutputs(host: NodeJS.Process): void {
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    host.stderr.write(`Cannot write to stdout: ${error.code ?? error.message}, wanted ${wantedOf(error.code)}\n`);
    host.exit(FAILED);
  });
  host.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') host.exit(FAILED);
  });
}

function wantedOf(code: string | undefined): string {
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'room' : 'a file that can be written';
}
