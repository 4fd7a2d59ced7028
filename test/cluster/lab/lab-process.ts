// A lab in a process of its own, in a user namespace where that is allowed: a test run may be anyone's, and the lab's hosts are
// worked from here by messages. The process stays in the machine's network, so that what it starts can be reached.
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EgressNat } from '../../../src/lab/calico-rules.ts';
import type { HostTasks, TaskName } from '../../../src/lab/host-tasks.ts';
import { findIsolation, findProgram } from '../../../src/lab/isolate-process.ts';
import type { LabOptions } from '../../../src/lab/lab.ts';
import { taskResult } from '../../../src/lab/thread-messages.ts';
import { type HostPicture, type LabOrder, type LabPicture, labAnswer, labPicture } from './lab-messages.ts';

const PROGRAM = fileURLToPath(new URL('./lab-child.js', import.meta.url));
const SEARCH_PATH = `${process.env['PATH'] ?? ''}:/usr/bin:/bin:/usr/sbin:/sbin`;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class LabProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #hasUserNamespace: boolean;
  #nextId = 1;

  private constructor(child: ChildProcess, hasUserNamespace: boolean) {
    this.#child = child;
    this.#hasUserNamespace = hasUserNamespace;
    child.on('message', (message) => this.#settle(message));
    child.once('exit', (code, signal) => this.#rejectAll(`the lab's process ended: ${signal ?? code}`));
    child.once('error', (error) => this.#rejectAll(error.message));
  }

  static async start(options: LabOptions): Promise<{ lab: LabProcess; picture: LabPicture }> {
    const isRoot = process.geteuid?.() === 0;
    const unshare = findProgram('unshare', SEARCH_PATH);
    const way = findIsolation(unshare, { env: process.env, isRoot }).filter((flag) => flag !== '--net');
    const [execPath, ...execArgv] = way.length === 0 ? [process.execPath] : [unshare, ...way, '--', process.execPath];
    const child = fork(PROGRAM, [], { execPath, execArgv, serialization: 'advanced', cwd: '/' });
    const lab = new LabProcess(child, way.length > 0);
    try {
      return { lab, picture: labPicture(await lab.order({ do: 'build', options })) };
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  order(order: LabOrder): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, order }, (error) => {
        if (error !== null) this.#settle({ id, ok: false, message: error.message });
      });
    });
  }

  async setRange(node: string, nat: EgressNat): Promise<void> {
    await this.order({ do: 'set-range', node, nat });
  }

  /** A host of this lab that is worked as src/lab/host.ts is. */
  host(picture: HostPicture): RemoteHost {
    return new RemoteHost(this, picture);
  }

  /** A path of this machine that opens a host's network namespace. */
  netnsPath({ netns }: HostPicture): string {
    return `/proc/${this.#child.pid}/fd/${netns}`;
  }

  /** The words to put before a program that shall have this lab's rights: the lab's own user namespace. */
  get enter(): readonly string[] {
    if (!this.#hasUserNamespace) return [];
    const nsenter = findProgram('nsenter', SEARCH_PATH);
    return [nsenter, `--user=/proc/${this.#child.pid}/ns/user`, '--preserve-credentials', '--'];
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Every namespace of the lab goes with its process. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #settle(message: unknown): void {
    const answer = labAnswer(message);
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.result);
    else waiting?.reject(new Error(answer.message));
  }

  #rejectAll(message: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(message));
    this.#waiting.clear();
  }
}

export class RemoteHost {
  readonly name: string;
  readonly #lab: LabProcess;
  readonly #picture: HostPicture;

  constructor(lab: LabProcess, picture: HostPicture) {
    this.name = picture.host;
    this.#lab = lab;
    this.#picture = picture;
  }

  get netnsPath(): string {
    return this.#lab.netnsPath(this.#picture);
  }

  /** Performs one task of src/lab/host-tasks.ts in the host. */
  async run<Name extends TaskName>(
    name: Name,
    ...args: HostTasks[Name]['args'] extends undefined ? [] : [HostTasks[Name]['args']]
  ): Promise<HostTasks[Name]['result']> {
    return taskResult(name, await this.#lab.order({ do: 'task', host: this.name, name, args: args[0] }));
  }

  /** The words that start a program of this machine in the host's namespace. */
  inside(program: string, ...args: readonly string[]): readonly string[] {
    const nsenter = findProgram('nsenter', SEARCH_PATH);
    return [...this.#lab.enter, nsenter, `--net=${this.netnsPath}`, '--', program, ...args];
  }

  /** What a program of this machine prints in the host's namespace: an oracle that needs no API server. */
  print(program: string, ...args: readonly string[]): string {
    const nsenter = findProgram('nsenter', SEARCH_PATH);
    const [first, ...words] = this.inside(program, ...args);
    const env = { PATH: SEARCH_PATH, XTABLES_LOCKFILE: '/dev/null' };
    return execFileSync(first ?? nsenter, words, { encoding: 'utf8', env, maxBuffer: 1 << 28, stdio: 'pipe' });
  }
}
