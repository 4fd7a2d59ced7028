// A network namespace with a full conntrack table, kept alive by a thread that does nothing else.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createNetns } from '../src/kernel/netns/network-namespace.ts';
import { populate } from './populate.ts';

export interface PopulatedNamespace {
  /** For setns and nsenter; valid in every process while this one lives. */
  readonly path: string;
  /** How many entries it holds. */
  readonly entries: number;
  close(): Promise<void>;
}

interface Ready {
  readonly fd: number;
  readonly entries: number;
}

/** Makes a namespace and fills it with the mix. */
export async function populatedNamespace(entries: number): Promise<PopulatedNamespace> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { entries } });
  const [ready] = (await once(worker, 'message')) as [Ready];
  const close = async (): Promise<void> => {
    worker.postMessage('close');
    await once(worker, 'exit');
  };
  return { path: `/proc/${process.pid}/fd/${ready.fd}`, entries: ready.entries, close };
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const fd = createNetns();
  const { entries } = workerData as { readonly entries: number };
  port.postMessage({ fd, entries: populate(entries) } satisfies Ready);
  port.once('message', () => process.exit(0));
}
