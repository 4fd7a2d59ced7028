// Runs in a worker thread: enters the namespace it is given and takes snapshots on request, the way portolan reads.
import { parentPort, workerData } from 'node:worker_threads';
import { enterNetns } from '../src/kernel/netns/network-namespace.ts';
import type { Selection, TimedSnapshot } from './reader-worker.ts';
import { takeSnapshot } from './snapshot.ts';

if (parentPort === null) throw new Error('Cannot run reader-thread: no parent, wanted a worker thread');
const port = parentPort;
enterNetns((workerData as { readonly namespacePath: string }).namespacePath);
port.on('message', (selection: Selection) => {
  const start = performance.now();
  const facts = takeSnapshot(selection === 'all' ? undefined : selection);
  port.postMessage({ ...facts, milliseconds: performance.now() - start } satisfies TimedSnapshot);
});
