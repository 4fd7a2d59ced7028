// The text of a file that a person named, or of stdin: bounded, UTF-8, with one clear line for everything that can be wrong.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { formatInteger } from '../../present/number-text.ts';
import { plainLine } from '../scenario-file/problem-list.ts';
import type { Surroundings } from '../surroundings.ts';

export const STDIN = '-';

export interface InputTextOptions {
  /** What the file should hold: `a scenario file`. */
  readonly wanted: string;
  readonly mostBytes: number;
  readonly readStdin: Surroundings['readStdin'];
  /** Ends the reading of a pipe; the promise rejects with its reason. */
  readonly signal: AbortSignal;
  readonly sleep: Surroundings['sleep'];
  /** How long a named pipe may have no writer. */
  readonly patienceSeconds?: number;
}

/** Errors: PTL_INPUT_FILE. */
export async function readInputText(path: string, options: InputTextOptions): Promise<string> {
  const { wanted, mostBytes } = options;
  const refuse = (what: string, cause?: unknown): PortolanError =>
    new PortolanError(
      'PTL_INPUT_FILE',
      `Cannot read ${path === STDIN ? 'stdin' : plainLine(path)}: ${what}, wanted ${wanted}`,
      { cause },
    );
  const bytes = await readBytes(path, options).catch((error: unknown) => {
    options.signal.throwIfAborted();
    throw refuse(reasonOf(error), error);
  });
  if (bytes.length > mostBytes) throw refuse(`more than ${formatInteger(mostBytes)} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refuse('not UTF-8 text', error);
  }
}

/** One byte more than allowed at most: a device or a pipe may never end. */
async function readBytes(path: string, options: InputTextOptions): Promise<Uint8Array> {
  const { mostBytes, readStdin } = options;
  if (path === STDIN) return readStdin(mostBytes + 1);
  // Without O_NONBLOCK, open() of a pipe waits for a writer in a thread that no signal ends, and so the process never ends.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const isPipe = (await file.stat()).isFIFO();
    const buffer = new Uint8Array(mostBytes + 1);
    let length = 0;
    const patience = new Patience(options);
    for (;;) {
      const bytesRead = await readSome(file, buffer.subarray(length));
      length += bytesRead ?? 0;
      if (length === buffer.length) return buffer;
      if (bytesRead === undefined) await patience.pause();
      else if (bytesRead === 0 && isPipe && length === 0) await patience.pauseForWriter();
      else if (bytesRead === 0) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

/** @returns undefined when a writer is there but has not written yet. */
async function readSome(file: FileHandle, into: Uint8Array): Promise<number | undefined> {
  try {
    return (await file.read(into, 0, into.length, null)).bytesRead;
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

const PAUSE_SECONDS = 0.02;
const PATIENCE_SECONDS = 10;

/** Waits on a pipe: for what its writer takes its time with as long as that takes, for a writer not for ever. */
class Patience {
  readonly #signal: AbortSignal;
  readonly #sleep: Surroundings['sleep'];
  #secondsLeft: number;

  constructor({ signal, sleep, patienceSeconds = PATIENCE_SECONDS }: InputTextOptions) {
    this.#signal = signal;
    this.#sleep = sleep;
    this.#secondsLeft = patienceSeconds;
  }

  async pause(): Promise<void> {
    await this.#sleep(PAUSE_SECONDS * 1000, this.#signal);
  }

  async pauseForWriter(): Promise<void> {
    if (this.#secondsLeft <= 0) throw new Error('a pipe that nobody writes to');
    this.#secondsLeft -= PAUSE_SECONDS;
    await this.pause();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a directory',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ELOOP: 'links that lead in a circle',
  ENAMETOOLONG: 'a name that is too long',
  ERR_INVALID_ARG_VALUE: 'no path',
};

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined) return REASONS[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
