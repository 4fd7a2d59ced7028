// Runs in a worker thread: enters the namespace it is given and takes snapshots on request, the way portolan reads.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { enterNetns } from '../src/kernel/netns/network-namespace.ts';
import type { Selection, TimedSnapshot } from './reader-worker.ts';
import { takeSnapshot } from './snapshot.ts';

if (parentPort === null) throw new Error('Cannot run reader-thread: no parent, wanted a worker thread');
const port = parentPort;
enterNetns((workerData as { readonly namespacePath: string }).namespacePath);
port.on('message', (selection: Selection) => {
  const start = performance.now();
  const startCpu = cpuMilliseconds();
  const facts = takeSnapshot(selection === 'all' ? undefined : selection);
  const milliseconds = performance.now() - start;
  port.postMessage({ ...facts, milliseconds, cpuMilliseconds: cpuMilliseconds() - startCpu } satisfies TimedSnapshot);
});

/** What this thread alone has spent on a CPU; the first field is in nanoseconds. */
function cpuMilliseconds(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
}
