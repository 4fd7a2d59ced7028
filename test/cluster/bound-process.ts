// A server started by a test that cannot outlive it: the kernel kills it when this process ends, however it ends
// (PR_SET_PDEATHSIG, prctl(2), set by util-linux' setpriv). Its output goes to a file, whose end explains a failure.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

export interface BoundProcessOptions {
  readonly args: readonly string[];
  readonly logFile: string;
  /** Signal that asks the program to end in good order; SIGTERM without it. */
  readonly stopSignal?: NodeJS.Signals;
}

const STOP_TIMEOUT_SECONDS = 15;
const LOG_LINES = 15;

export class BoundProcess {
  readonly #child: ChildProcess;
  readonly #options: BoundProcessOptions;
  /** The program's file name. */
  readonly name: string;
  /** How it ended: `exit code 1`, `SIGKILL`; pending while it runs. */
  readonly ended: Promise<string>;
  #end: string | undefined;

  /** Must be called on the main thread: the kernel counts the end of the starting thread as the parent's death. */
  constructor(program: string, options: BoundProcessOptions) {
    this.#options = options;
    this.name = basename(program);
    const log = openSync(options.logFile, 'a');
    this.#child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...options.args], {
      // A session of its own: Ctrl-C goes to the test run alone, which then stops its servers in order.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    void this.ended.then((end) => {
      this.#end = end;
    });
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How it ended, undefined while it runs. */
  get end(): string | undefined {
    return this.#end;
  }

  /** Asks it to end, insists after a while, returns how it ended. */
  async stop(): Promise<string> {
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_SECONDS * 1000);
    this.#child.kill(this.#options.stopSignal ?? 'SIGTERM');
    const end = await this.ended;
    clearTimeout(insist);
    return end;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** The last lines it wrote. */
  logTail(): string {
    return readFileSync(this.#options.logFile, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
  }
}
