// The shape of a command as data: parsing, help, completion and docs/reference/cli.md are all made from it.
import type { Style } from '../present/style.ts';
import type { FlagReader } from './flags/flag-reader.ts';
import type { Surroundings } from './surroundings.ts';

export interface FlagSpec {
  /** Long name without dashes: `fail-on`. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Name of the value in capitals; absent for a switch. */
  readonly value?: string;
  readonly description: string;
  /** What holds when it is not given, as typed. */
  readonly fallback?: string;
  /** Words the value may be; completion offers them. */
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly isList?: boolean;
}

export interface OperandSpec {
  /** In capitals: `NAME`. */
  readonly name: string;
  readonly description: string;
  /** Words it may be; `scenarios` asks the lab, `files` leaves it to the shell. */
  readonly choices?: readonly string[] | 'files' | 'scenarios';
}

export interface Example {
  /** After the program's name: `diagnose --for 10s`. */
  readonly command: string;
  readonly what: string;
}

export interface CommandSpec {
  /** Words after the program's name: `diagnose`, `lab run`. */
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
  /** More, when one line is not enough. */
  readonly description?: string;
  readonly examples: readonly Example[];
  readonly flags: readonly FlagSpec[];
  readonly operand?: OperandSpec;
  /** Formats `-o` may be, the default first; absent when there is only one. */
  readonly formats?: readonly OutputFormat[];
  /** True: the command reads `-o` itself, because its formats are not only words (`custom-columns=NAME`). */
  readonly readsOutput?: boolean;
  readonly needsLinux: boolean;
  /** Runs it. @returns the exit code. */
  readonly run: (input: CommandInput) => Promise<number>;
}

export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'markdown', 'csv', 'svg'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What a command gets when it runs. */
export interface CommandInput {
  readonly surroundings: Surroundings;
  readonly flags: FlagReader;
  readonly style: Style;
  readonly format: OutputFormat;
  readonly isVerbose: boolean;
  /** False with --no-input. */
  readonly mayAsk: boolean;
}
