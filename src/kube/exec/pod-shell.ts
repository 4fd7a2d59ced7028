// Runs commands in a container by exec of the API server: output streams to the caller as it comes, nothing of it is kept.
import type { ClusterClient } from '../access/api-client.ts';
import {
  absentCommand,
  cutOff,
  execAccess,
  type ExecAttempt,
  notStarted,
  refusedExec,
  tookTooLong,
} from './exec-failure.ts';
import type { NodeShell, ShellEnd, ShellRun } from './node-shell.ts';
import { type ExecStatus, parseExecStatus } from './parse-exec-status.ts';
import { placeOf, type ShellPod } from './shell-pod.ts';

/** Channels of remotecommand: standard output, standard error, the status that ends it. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const MOST_STDERR_BYTES = 8192;
const CANNOT_EXECUTE = 126;
const COMMAND_NOT_FOUND = 127;

export class PodShell implements NodeShell {
  readonly node: string;
  readonly place: string;
  readonly #client: ClusterClient;
  readonly #pod: ShellPod;

  constructor(client: ClusterClient, pod: ShellPod) {
    this.#client = client;
    this.#pod = pod;
    this.node = pod.node;
    this.place = placeOf(pod);
  }

  async run(command: readonly string[], { stdout, signal, timeoutSeconds }: ShellRun): Promise<ShellEnd> {
    const attempt: ExecAttempt = { place: this.#pod, command };
    const output = new ExecOutput(stdout);
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    const request = {
      path: this.#pathOf(command),
      access: execAccess(this.#pod),
      onFrame: (channel: number, bytes: Uint8Array) => output.take(channel, bytes),
    };
    const end = await this.#client.converse(request, AbortSignal.any([signal, timeout])).catch((error: unknown) => {
      signal.throwIfAborted();
      throw timeout.aborted ? tookTooLong(attempt, timeoutSeconds) : error;
    });
    if (end.kind === 'refused') throw refusedExec(this.#client, end.answer, attempt);
    if (end.kind === 'cut' || output.status === undefined)
      throw cutOff(attempt, end.kind === 'cut' ? end.why : 'it ended');
    return endOf(attempt, output, output.status);
  }

  #pathOf(command: readonly string[]): string {
    const { namespace, pod, container } = this.#pod;
    const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' });
    for (const word of command) query.append('command', word);
    const path = [namespace, 'pods', pod, 'exec'].map(encodeURIComponent).join('/');
    return `/api/v1/namespaces/${path}?${query.toString()}`;
  }
}

class ExecOutput {
  readonly #stdout: (chunk: Uint8Array) => void;
  readonly #stderr: Uint8Array[] = [];
  #stderrBytes = 0;
  hasStdout = false;
  status: ExecStatus | undefined;

  constructor(stdout: (chunk: Uint8Array) => void) {
    this.#stdout = stdout;
  }

  /** False after the status, which is the last frame. */
  take(channel: number, bytes: Uint8Array): boolean {
    if (channel === STATUS) this.status = parseExecStatus(bytes);
    // Servers open each channel with an empty frame.
    else if (bytes.length === 0) return true;
    else if (channel === STDOUT) this.#pass(bytes);
    else if (channel === STDERR) this.#keep(bytes);
    return this.status === undefined;
  }

  get stderr(): string {
    return new TextDecoder().decode(Buffer.concat(this.#stderr));
  }

  #pass(bytes: Uint8Array): void {
    this.hasStdout = true;
    this.#stdout(bytes);
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.slice(0, MOST_STDERR_BYTES - this.#stderrBytes);
    if (kept.length === 0) return;
    this.#stderrBytes += kept.length;
    this.#stderr.push(kept);
  }
}

function endOf(attempt: ExecAttempt, output: ExecOutput, status: ExecStatus): ShellEnd {
  if (status.kind === 'failed') throw notStarted(attempt, status.why);
  const { exitCode } = status;
  const isUnknown = exitCode === COMMAND_NOT_FOUND || exitCode === CANNOT_EXECUTE;
  if (isUnknown && !output.hasStdout) {
    const said = output.stderr.trim().slice(0, 200);
    throw absentCommand(attempt, said === '' ? `exit code ${exitCode}` : said);
  }
  return { exitCode, stderr: output.stderr };
}
