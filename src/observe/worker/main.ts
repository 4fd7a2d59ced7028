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

let isInside = false;

/** Never reads another namespace than the one asked for: without it every look fails. */
function enterOnce(): void {
  if (!isInside && request.netns !== undefined) enterNetns(request.netns);
  isInside = true;
}

async function read(windowSeconds: number): Promise<void> {
  enterOnce();
  const readings = await readNode(
    { ...request, windowSeconds },
    {
      now: () => performance.now(),
      clock: () => Date.now(),
      sleep: (milliseconds) => sleep(milliseconds),
      progress: (step, share) => post({ kind: 'progress', step, share }),
    },
  );
  post({ kind: 'readings', readings: { ...readings, flows: { ...readings.flows } } });
}

async function report(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    post({ kind: 'failed', code: error.code, message: error.message, hint: error.hint });
  }
}

await report(() => read(request.windowSeconds));
if (request.isKept === true)
  parentPort?.on('message', (windowSeconds: number) => void report(() => read(windowSeconds)));
