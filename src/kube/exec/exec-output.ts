// What came of one command so far: standard output passed on, the beginning of standard error, and how it ended.
import { EndMark } from './end-mark.ts';
import { type ExecStatus, parseExecStatus } from './parse-exec-status.ts';

/** Channels of remotecommand: standard output, standard error, the status that ends it. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const MOST_STDERR_BYTES = 8192;

export class ExecOutput {
  readonly #write: (chunk: Uint8Array) => void;
  readonly #mark: EndMark | undefined;
  readonly #stderr: Uint8Array[] = [];
  #stderrBytes = 0;
  #hasPassed = false;
  status: ExecStatus | undefined;

  /** `isMarked`: the command runs under a shell that adds the end mark. */
  constructor(stdout: (chunk: Uint8Array) => void, isMarked: boolean) {
    const pass = (chunk: Uint8Array): void => {
      this.#hasPassed = true;
      stdout(chunk);
    };
    this.#mark = isMarked ? new EndMark(pass) : undefined;
    this.#write = this.#mark === undefined ? pass : (chunk) => this.#mark?.write(chunk);
  }

  /** False after the status, which is the last frame. */
  take(channel: number, bytes: Uint8Array): boolean {
    if (channel === STATUS) this.status = parseExecStatus(bytes);
    // Servers open each channel with an empty frame.
    else if (bytes.length === 0) return true;
    else if (channel === STDOUT) this.#write(bytes);
    else if (channel === STDERR) this.#keep(bytes);
    return this.status === undefined;
  }

  /** Whether the caller has got any output. */
  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  /** That of the end mark; undefined: none came. */
  get markedExitCode(): number | undefined {
    return this.#mark?.exitCode;
  }

  get stderr(): string {
    return new TextDecoder().decode(Buffer.concat(this.#stderr));
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.slice(0, MOST_STDERR_BYTES - this.#stderrBytes);
    if (kept.length === 0) return;
    this.#stderrBytes += kept.length;
    this.#stderr.push(kept);
  }
}
