// The kubelets of a lab's nodes: one program (tools/cluster/apiserver/test-kubelet) that listens once per node and runs commands
// in the nodes' namespaces, worked by JSON lines. It ends when this process does: its standard input ends then.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ScratchFolder } from '../scratch-folder.ts';
import type { KubeletFiles } from '../test-cluster.ts';

/** What is wrong with a node; nothing without any of these. */
export interface KubeletFault {
  /** Connections are refused, open ones are reset: the machine is down. */
  readonly refuse?: boolean;
  /** Connections are taken and nothing is ever said on them. */
  readonly silent?: boolean;
  /** Streams open and the command never starts. */
  readonly hang?: boolean;
  /** Passes before a command starts. */
  readonly delayMilliseconds?: number;
  /** Bounds standard output. */
  readonly bytesPerSecond?: number;
  /** After so much standard output the connection is reset. */
  readonly breakAfterBytes?: number;
}

/** One command that was asked for, whether it ran or not. */
export interface Execution {
  /** `namespace/pod/container`. */
  readonly container: string;
  readonly command: readonly string[];
}

export interface TestKubeletOptions {
  readonly program: string;
  readonly files: KubeletFiles;
  /** Words before the program: LabProcess.enter. */
  readonly enter: readonly string[];
}

type Order =
  | { readonly do: 'serve'; readonly node: string; readonly netns: string }
  | { readonly do: 'allow'; readonly node: string; readonly container: string; readonly commands: CommandList }
  | { readonly do: 'fault'; readonly node: string; readonly fault: KubeletFault }
  | { readonly do: 'history'; readonly node: string };

/** Programs that a container has; null: all of this machine. */
export type CommandList = readonly string[] | null;

interface Answer {
  readonly id: number;
  readonly error?: string;
  readonly port?: number;
  readonly executed?: readonly Execution[];
  readonly connections?: number;
}

const LOG_CHARACTERS = 4000;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class TestKubelet {
  readonly #scratch = new ScratchFolder('portolan-kubelet-');
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #log = '';

  constructor({ program, files, enter }: TestKubeletOptions) {
    const flags = {
      certificate: files.serving.certificate,
      key: files.serving.key,
      'client-authority': files.clientAuthority,
      programs: this.#scratch.path,
    };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const [first = program, ...words] = [...enter, program, ...args];
    // A session of its own: Ctrl-C goes to the test run alone.
    this.#child = spawn(first, words, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd: '/' });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString('utf8')).slice(-LOG_CHARACTERS);
    });
    this.#child.stdin.on('error', () => {});
    this.#child.once('error', (error) => this.#rejectAll(error.message));
    this.#child.once('exit', (code, signal) => this.#rejectAll(`test-kubelet ended: ${signal ?? code}\n${this.#log}`));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#settle(line));
  }

  /** Listens for a node. @returns the port of loopback that answers. */
  async serve(node: string, netnsPath: string): Promise<number> {
    const { port } = await this.#order({ do: 'serve', node, netns: netnsPath });
    if (port === undefined) throw new TypeError('test-kubelet named no port');
    return port;
  }

  /** From now on the node has this container, `namespace/pod/container`. */
  async allow(node: string, container: string, commands: CommandList): Promise<void> {
    await this.#order({ do: 'allow', node, container, commands });
  }

  /** Replaces what is wrong with the node; `{}` heals it. */
  async setFault(node: string, fault: KubeletFault): Promise<void> {
    await this.#order({ do: 'fault', node, fault });
  }

  /** The commands asked of the node so far. */
  async executed(node: string): Promise<readonly Execution[]> {
    return (await this.#order({ do: 'history', node })).executed ?? [];
  }

  /** How many connections the node has taken so far. */
  async connections(node: string): Promise<number> {
    return (await this.#order({ do: 'history', node })).connections ?? 0;
  }

  /** The end of what it wrote of errors. */
  get log(): string {
    return this.#log;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.stdin.end();
      await ended;
    }
    this.#scratch.remove();
  }

  #order(order: Order): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, ...order })}\n`);
    });
  }

  #settle(line: string): void {
    const answer = parseAnswer(line);
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`test-kubelet: ${answer.error}`));
  }

  #rejectAll(message: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(message));
    this.#waiting.clear();
  }
}

/** The program is built with this project: its answers are what `answer` of its main.go says. */
function parseAnswer(line: string): Answer {
  return JSON.parse(line) as Answer;
}
