// Runs commands on one node within one deadline, and keeps what each came to: what failed is said, not thrown.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeShell } from '../../kube/exec/node-shell.ts';

export interface NodeCommandsOptions {
  readonly signal: AbortSignal;
  /** For all commands together. */
  readonly timeoutSeconds: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** How a command ended: `why` in a person's words when it did not do its work. */
export type CommandEnd =
  | { readonly ok: true; readonly stderr: string; readonly startedAt: number; readonly mayBeCut: boolean }
  | { readonly ok: false; readonly why: string; readonly stderr: string };

/** What a command printed; with `ok: false` what came before it failed. */
export type CommandText = CommandEnd & { readonly text: string };

/** Rules of the largest clusters are a tenth of this. */
const MOST_TEXT_BYTES = 64 * 2 ** 20;

export class NodeCommands {
  readonly #shell: NodeShell;
  readonly #options: NodeCommandsOptions;
  readonly #deadline: number;
  #ran = 0;
  #firstError: PortolanError | undefined;

  constructor(shell: NodeShell, options: NodeCommandsOptions) {
    this.#shell = shell;
    this.#options = options;
    this.#deadline = options.now() + options.timeoutSeconds * 1000;
  }

  /** Seconds left for all that is still to be run. */
  get secondsLeft(): number {
    return Math.max(0, (this.#deadline - this.#options.now()) / 1000);
  }

  /** Errors: whatever kept every command so far from running at all. */
  throwIfNothingRan(): void {
    if (this.#ran === 0 && this.#firstError !== undefined) throw this.#firstError;
  }

  /** All text of a command. Rejects only when the caller's signal is aborted. */
  async text(command: readonly string[]): Promise<CommandText> {
    const decoder = new TextDecoder();
    const parts: string[] = [];
    let bytes = 0;
    const end = await this.stream(command, (chunk) => {
      bytes += chunk.length;
      if (bytes > MOST_TEXT_BYTES) throw new PortolanError('PTL_EXEC', tooLong(command));
      parts.push(decoder.decode(chunk, { stream: true }));
    });
    return { ...end, text: parts.join('') + decoder.decode() };
  }

  /** Shows each chunk of a command's output as it comes. Rejects only when the caller's signal is aborted. */
  async stream(command: readonly string[], stdout: (chunk: Uint8Array) => void): Promise<CommandEnd> {
    const { signal, now } = this.#options;
    let startedAt: number | undefined;
    try {
      const {
        exitCode,
        stderr,
        mayBeCut = false,
      } = await this.#shell.run(command, {
        stdout: (chunk) => {
          startedAt ??= now();
          stdout(chunk);
        },
        signal,
        timeoutSeconds: this.secondsLeft,
      });
      this.#ran += 1;
      if (exitCode === 0) return { ok: true, stderr, startedAt: startedAt ?? now(), mayBeCut };
      return { ok: false, why: whyItFailed(command, { exitCode, stderr }), stderr };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PortolanError)) throw error;
      // A container runtime that looks for the program is one that runs commands.
      if (error.facts['reason'] === 'command-absent') this.#ran += 1;
      this.#firstError ??= error;
      return { ok: false, why: whyNotRun(command, error), stderr: '' };
    }
  }
}

function tooLong(command: readonly string[]): string {
  return `Cannot read ${command.join(' ')}: more than 64 MiB, wanted the text of one node`;
}

/** The place of the command is said once for the node, not in each of its gaps. */
function whyNotRun(command: readonly string[], { message, facts }: PortolanError): string {
  const program = command[0] ?? '';
  switch (facts['reason']) {
    case 'command-absent':
      return `the container has no ${program}`;
    case 'timeout':
      return `${program} did not end in time`;
    case 'cut':
      return `the connection ended before ${program} did`;
    default:
      return message;
  }
}

function whyItFailed(
  command: readonly string[],
  { exitCode, stderr }: { readonly exitCode: number; readonly stderr: string },
): string {
  const said = stderr.split('\n').find((line) => line.trim() !== '') ?? '';
  return said === '' ? `${command[0] ?? ''} ended with exit code ${exitCode}` : said.trim().slice(0, 200);
}
