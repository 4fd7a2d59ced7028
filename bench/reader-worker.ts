// A thread that sits in a namespace and takes snapshots on request: the way portolan reads.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { enterNetns } from '../src/kernel/netns/network-namespace.ts';
import { type SnapshotFacts, takeSnapshot } from './snapshot.ts';

export type Selection = 'all' | 'snat' | 'not-snat';

export interface TimedSnapshot extends SnapshotFacts {
  readonly milliseconds: number;
}

/** A warm reader. */
export class ReaderWorker {
  readonly #worker: Worker;

  constructor(namespacePath: string) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: { namespacePath } });
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

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  enterNetns((workerData as { readonly namespacePath: string }).namespacePath);
  port.on('message', (selection: Selection) => {
    const start = performance.now();
    const facts = takeSnapshot(selection === 'all' ? undefined : selection);
    port.postMessage({ ...facts, milliseconds: performance.now() - start } satisfies TimedSnapshot);
  });
}
