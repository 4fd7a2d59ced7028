// A host of the lab: a namespace and, from its first task on, a worker thread that lives in it.
import { Worker } from 'node:worker_threads';
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { HostStart, HostTasks, TaskAnswer, TaskName } from './host-tasks.ts';
import { taskAnswer, taskResult } from './thread-messages.ts';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Host {
  readonly name: string;
  /** Open descriptor of the namespace; any thread of this process can enter it. */
  readonly netns: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 1;

  constructor(name: string, netns: number) {
    this.name = name;
    this.netns = netns;
  }

  /** Performs one task in the host. Errors: PTL_LAB with the host's own error; its code is in `facts.code`. */
  run<Name extends TaskName>(
    name: Name,
    ...args: HostTasks[Name]['args'] extends undefined ? [] : [HostTasks[Name]['args']]
  ): Promise<HostTasks[Name]['result']> {
    const worker = this.#started();
    const id = this.#nextId++;
    return new Promise<HostTasks[Name]['result']>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(taskResult(name, result)), reject });
      worker.postMessage({ id, name, args: args[0] });
    });
  }

  /** Ends the thread and every socket it holds; the namespace stays while its descriptor is open. */
  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
    this.#rejectAll(new PortolanError('PTL_LAB', `Cannot finish a task on ${this.name}: stopped, wanted it running`));
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const start: HostStart = { netns: this.netns };
    const worker = new Worker(new URL('./host-worker.js', import.meta.url), { workerData: start });
    worker.on('message', (message: unknown) => this.#settle(taskAnswer(message)));
    worker.on('error', (cause) => {
      const message = `Cannot run host ${this.name}: ${cause instanceof Error ? cause.message : 'error'}, wanted a thread`;
      this.#rejectAll(new PortolanError('PTL_LAB', message, { cause }));
    });
    this.#worker = worker;
    return worker;
  }

  #settle(answer: TaskAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.result);
    else waiting?.reject(new PortolanError('PTL_LAB', `${answer.message} (on ${this.name})`, { facts: answer.facts }));
  }

  #rejectAll(error: PortolanError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
