// Runs commands in a container by exec of the API server: output streams to the caller as it comes, nothing of it is kept, and
// what is not whole is an error.
import type { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ClusterClient } from '../access/api-client.ts';
import { withEndMark } from './end-mark.ts';
import {
  absentCommand,
  cutOff,
  execAccess,
  type ExecAttempt,
  notStarted,
  refusedExec,
  tookTooLong,
} from './exec-failure.ts';
import { ExecOutput } from './exec-output.ts';
import type { NodeShell, ShellEnd, ShellRun } from './node-shell.ts';
import { placeOf, type ShellPod } from './shell-pod.ts';

const CANNOT_EXECUTE = 126;
const COMMAND_NOT_FOUND = 127;

export class PodShell implements NodeShell {
  readonly node: string;
  readonly place: string;
  readonly #client: ClusterClient;
  readonly #pod: ShellPod;
  /** Images without a shell are rare; then no end mark can be added. */
  #hasShell = true;

  constructor(client: ClusterClient, pod: ShellPod) {
    this.#client = client;
    this.#pod = pod;
    this.node = pod.node;
    this.place = placeOf(pod);
  }

  async run(command: readonly string[], options: ShellRun): Promise<ShellEnd> {
    if (!this.#hasShell) return this.#runUnmarked(command, options);
    const attempt: ExecAttempt = { place: this.#pod, command };
    const output = new ExecOutput(options.stdout, true);
    const exitCode = await this.#exitCode(attempt, { words: withEndMark(command), output, options });
    if (exitCode === 'not found' || (isNotFound(exitCode) && output.markedExitCode === undefined)) {
      this.#hasShell = false;
      return this.#runUnmarked(command, options);
    }
    if (output.markedExitCode === undefined) throw cutOff(attempt, 'the output stopped');
    return endOf(attempt, output, output.markedExitCode);
  }

  async #runUnmarked(command: readonly string[], options: ShellRun): Promise<ShellEnd> {
    const attempt: ExecAttempt = { place: this.#pod, command };
    const output = new ExecOutput(options.stdout, false);
    const exitCode = await this.#exitCode(attempt, { words: command, output, options });
    if (exitCode === 'not found') throw absentCommand(attempt, `the image has no ${command[0] ?? ''}`);
    return { ...endOf(attempt, output, exitCode), mayBeCut: true };
  }

  /** As the API server reports it. */
  async #exitCode(attempt: ExecAttempt, { words, output, options }: Exec): Promise<number | 'not found'> {
    const { signal, timeoutSeconds } = options;
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    const request = {
      path: this.#pathOf(words),
      access: execAccess(this.#pod),
      onFrame: (channel: number, bytes: Uint8Array) => output.take(channel, bytes),
    };
    const end = await this.#client.converse(request, AbortSignal.any([signal, timeout])).catch((error: unknown) => {
      signal.throwIfAborted();
      throw timeout.aborted ? tookTooLong(attempt, timeoutSeconds) : error;
    });
    if (end.kind === 'refused') throw refusedExec(this.#client, end.answer, attempt);
    if (end.kind === 'cut') throw cutOff(attempt, end.why);
    const { status } = output;
    if (status === undefined) throw cutOff(attempt, 'it ended');
    if (status.kind === 'exited') return status.exitCode;
    const failure = notStarted(attempt, status.why);
    if (isAbsence(failure)) return 'not found';
    throw failure;
  }

  #pathOf(words: readonly string[]): string {
    const { namespace, pod, container } = this.#pod;
    const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
    for (const word of words) query.append('command', word);
    const path = [namespace, 'pods', pod, 'exec'].map(encodeURIComponent).join('/');
    return `/api/v1/namespaces/${path}?${query.toString()}`;
  }
}

interface Exec {
  readonly words: readonly string[];
  readonly output: ExecOutput;
  readonly options: ShellRun;
}

function endOf(attempt: ExecAttempt, output: ExecOutput, exitCode: number): ShellEnd {
  if (isNotFound(exitCode) && !output.hasPassed) {
    const said = output.stderr.trim().slice(0, 200);
    throw absentCommand(attempt, said === '' ? `exit code ${exitCode}` : said);
  }
  return { exitCode, stderr: output.stderr };
}

/** As shells and container runtimes say that a program cannot be executed, or is not there. */
function isNotFound(exitCode: number): boolean {
  return exitCode === COMMAND_NOT_FOUND || exitCode === CANNOT_EXECUTE;
}

function isAbsence({ facts }: PortolanError): boolean {
  return facts['reason'] === 'command-absent';
}
