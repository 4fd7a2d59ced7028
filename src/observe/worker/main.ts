// The reader's own thread: enters the namespace, reads it, hands the columns over without copying.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { enterNetns } from '../../kernel/netns/network-namespace.ts';
import type { ReaderMessage, ReadRequest } from '../node-readings.ts';
import { readNode } from '../read-node.ts';
import { transferable } from '../transferable.ts';

const request: ReadRequest = workerData;

function post(message: ReaderMessage): void {
  parentPort?.postMessage(message, message.kind === 'readings' ? transferable(message.readings.flows) : []);
}

try {
  if (request.netns !== undefined) enterNetns(request.netns);
  const readings = await readNode(request, {
    now: () => performance.now(),
    clock: () => Date.now(),
    sleep: (milliseconds) => sleep(milliseconds),
    progress: (step, share) => post({ kind: 'progress', step, share }),
  });
  post({ kind: 'readings', readings: { ...readings, flows: { ...readings.flows } } });
} catch (error) {
  if (!(error instanceof PortolanError)) throw error;
  post({ kind: 'failed', code: error.code, message: error.message, hint: error.hint });
}
