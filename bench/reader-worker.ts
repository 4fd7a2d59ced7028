// A reader thread from the outside; this side loads nothing that reaches the kernel.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SnapshotFacts } from './snapshot.ts';

export type Selection = 'all' | 'snat' | 'not-snat';

export interface TimedSnapshot extends SnapshotFacts {
  readonly milliseconds: number;
  /** On a CPU, this thread only: what other programs on the machine do hardly shows in it. */
  readonly cpuMilliseconds: number;
}

/** A reader that stays warm between snapshots. */
export class ReaderWorker {
  readonly #worker: Worker;

  constructor(namespacePath: string) {
    this.#worker = new Worker(new URL('./reader-thread.js', import.meta.url), { workerData: { namespacePath } });
  }

  async snapshot(selection: Selection): Promise<TimedSnapshot> {
    this.#worker.postMessage(selection);
    const [snapshot] = (await once(this.#worker, 'message')) as [TimedSnapshot];
    return snapshot;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
