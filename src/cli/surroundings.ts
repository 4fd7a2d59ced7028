// Everything the program takes from outside: main.ts makes it once, every command gets it passed down, tests make their own.
import type { ProcessFigures } from '../protocol/metrics/metric.ts';
import type { Measures } from './measures.ts';
import type { TakeTerminal } from './top/terminal.ts';

/** A stream for text; a bundle goes there as bytes. */
export interface TextOutput {
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal, undefined when it is none. */
  readonly columns: number | undefined;
}

export interface Surroundings {
  /** What was typed after the program's name. */
  readonly arguments: readonly string[];
  /** File name the program was started by: `portolan`, `kubectl-snat`, `kubectl_complete-snat`. */
  readonly startedAs: string;
  /** Path of the script this process runs. */
  readonly scriptPath: string;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `linux`, `darwin`, ... (process.platform). */
  readonly platform: string;
  /** Version of the JavaScript runtime, for `version` and bug reports. */
  readonly runtime: string;
  /** Data. */
  readonly stdout: TextOutput;
  /** Messages and progress. */
  readonly stderr: TextOutput;
  readonly stdinIsTerminal: boolean;
  /** Takes the terminal for a program that fills its screen; only where stdin and stdout are terminals. */
  readonly takeTerminal: TakeTerminal;
  /** All of stdin, or its first bytes when it is longer. */
  readonly readStdin: (mostBytes: number) => Promise<Uint8Array>;
  /** Stdin as it comes. */
  readonly streamStdin: () => AsyncIterable<Uint8Array>;
  /** The next line of stdin without its end; undefined when it is over. */
  readonly readLine: () => Promise<string | undefined>;
  /** Folder of the documentation installed beside the program, undefined when there is none. */
  readonly docsFolder: string | undefined;
  /** CPUs this process may use. */
  readonly cpus: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Milliseconds of processor time that this process has used. */
  readonly cpuMilliseconds: () => number;
  /** Wall-clock time, ISO 8601. */
  readonly wallClock: () => string;
  /** Lets signals and streams get their turn during long computations. */
  readonly pause: () => Promise<void>;
  /** Waits; rejects with the signal's reason when it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** What this process has cost so far. */
  readonly processFigures: () => ProcessFigures;
  /** A number from 0 up to 1, another each time. */
  readonly random: () => number;
  /** Bytes that nobody can guess. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Starts this program over inside namespaces of its own; returns when it already runs there. Errors: PTL_NOT_LINUX, PTL_USERNS_REFUSED. */
  readonly isolate: () => Promise<void>;
  /** Aborted by Ctrl-C and SIGTERM; the reason is the signal's name. */
  readonly signal: AbortSignal;
  readonly measures: Measures;
}
