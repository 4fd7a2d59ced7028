// Runs a command in a pod by the official client library: the oracle beside any exec of our own.
import { type Readable, Writable } from 'node:stream';
import { Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';
import type { ApiAccess } from '../api-access.ts';
import { withKubeconfig } from '../kube-client.ts';

export interface PodPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecResult {
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What the kubelet said at the end; undefined when the connection ended without it. */
  readonly status: V1Status | undefined;
}

export interface ExecOptions {
  readonly stdin?: Readable;
  /** Called with each piece of standard output, which is kept all the same, and the connection that brought it. */
  readonly onOutput?: (bytes: number, socket: ExecSocket) => void;
  /** Breaks the connection. */
  readonly signal?: AbortSignal;
}

/** What a test may do to the connection: a part of the `ws` package's WebSocket. */
export interface ExecSocket {
  pause(): void;
  terminate(): void;
  onclose: unknown;
}

/** Resolves when the connection has ended, however it ended; fails when it was never opened. */
export async function execInPod(
  access: ApiAccess,
  { namespace, pod, container }: PodPlace,
  command: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const config = new KubeConfig();
  await withKubeconfig(access, async (path) => config.loadFromFile(path));
  // Output comes only when the connection is there.
  const stdout = new Collected((bytes) => options.onOutput?.(bytes, socket));
  const stderr = new Collected();
  const statuses: V1Status[] = [];
  const take = (status: V1Status): unknown => statuses.push(status);
  const exec = new Exec(config);
  const { stdin = null } = options;
  const socket: ExecSocket = await exec.exec(
    namespace,
    pod,
    container,
    [...command],
    stdout,
    stderr,
    stdin,
    false,
    take,
  );
  options.signal?.addEventListener('abort', () => socket.terminate());
  await new Promise((resolve) => {
    socket.onclose = resolve;
  });
  return { stdout: stdout.bytes, stderr: stderr.bytes.toString('utf8'), status: statuses[0] };
}

/** The exit code that a status names; 0 of a success, undefined when it names none. */
export function exitCodeOf(status: V1Status | undefined): number | undefined {
  if (status?.status === 'Success') return 0;
  const cause = status?.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  return cause?.message === undefined ? undefined : Number(cause.message);
}

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #onOutput: ((bytes: number) => void) | undefined;

  constructor(onOutput?: (bytes: number) => void) {
    super();
    this.#onOutput = onOutput;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    this.#onOutput?.(chunk.length);
    done();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}
