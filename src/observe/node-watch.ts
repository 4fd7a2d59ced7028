// Looks at one node again and again with one reader thread: starting a thread and loading its modules costs more than a look
// at an ordinary node.
import { release } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type KernelBehaviour, unknownBehaviour } from '../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import type { NetnsReference } from '../kernel/netns/network-namespace.ts';
import { probeKernel } from '../kernel/probe/probe-kernel.ts';
import { joinFacts } from './join-facts.ts';
import type { NodeReadings, ReaderMessage, ReadRequest } from './node-readings.ts';
import { reportedError, stoppedEarly } from './reported-error.ts';

export interface NodeWatchOptions {
  /** Namespace to read; the caller's own when absent. */
  readonly netns?: NetnsReference;
  /** What the node is called; the host name when absent. */
  readonly name?: string;
}

interface Waiting {
  readonly resolve: (readings: NodeReadings) => void;
  readonly reject: (error: unknown) => void;
}

export class NodeWatch {
  readonly #options: NodeWatchOptions;
  #worker: Worker | undefined;
  #waiting: Waiting | undefined;
  #behaviour: Promise<KernelBehaviour> | undefined;

  constructor(options: NodeWatchOptions = {}) {
    this.#options = options;
  }

  /**
   * One look, one at a time; the kernel is tried out beside the first. Errors: PTL_NETNS when the namespace cannot be entered,
   * PTL_CANNOT_MEASURE when the watch was closed meanwhile.
   */
  async look(windowSeconds: number): Promise<NodeFacts> {
    this.#behaviour ??= probeKernel().catch(() => unknownBehaviour(release()));
    const [behaviour, readings] = await Promise.all([this.#behaviour, this.#read(windowSeconds)]);
    const { name } = this.#options;
    return joinFacts(readings, { behaviour, ...(name === undefined ? {} : { name }) });
  }

  /** Ends the reader; a look that is going on fails. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #read(windowSeconds: number): Promise<NodeReadings> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#worker === undefined) this.#worker = this.#start(windowSeconds);
      else this.#worker.postMessage(windowSeconds);
    });
  }

  #start(windowSeconds: number): Worker {
    const { netns } = this.#options;
    const request: ReadRequest = { netns, windowSeconds, snatOnly: false, isKept: true };
    const worker = new Worker(new URL('./worker/main.js', import.meta.url), { workerData: request });
    worker.on('message', (message: ReaderMessage) => this.#take(message));
    worker.on('error', (error) => this.#waiting?.reject(error));
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#waiting?.reject(stoppedEarly());
    });
    return worker;
  }

  #take(message: ReaderMessage): void {
    if (message.kind === 'readings') this.#waiting?.resolve(message.readings);
    else if (message.kind === 'failed') this.#waiting?.reject(reportedError(message));
  }
}
