// Reads one node off the main thread and joins what its sources said into facts.
import { release } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import { unknownBehaviour } from '../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import type { NetnsReference } from '../kernel/netns/network-namespace.ts';
import { probeKernel } from '../kernel/probe/probe-kernel.ts';
import { joinFacts } from './join-facts.ts';
import type { NodeReadings, ReaderMessage, ReadRequest } from './node-readings.ts';
import { reportedError, stoppedEarly } from './reported-error.ts';

export interface ObserveOptions {
  /** Namespace to read: a path or an open descriptor; default the caller's own. */
  readonly netns?: NetnsReference;
  /** How long counters and new flows are watched. */
  readonly windowSeconds: number;
  readonly snatOnly?: boolean;
  /** What the node is called in the output; default the host name. */
  readonly name?: string;
  /** A behaviour already probed on this kernel; default: probe now, beside the window. */
  readonly behaviour?: KernelBehaviour;
  readonly signal?: AbortSignal;
  readonly progress?: (step: string, share: number) => void;
}

/** Observes one node. Errors: PTL_NETNS when the namespace cannot be entered, PTL_FFI without the native library. */
export async function observeNode(options: ObserveOptions): Promise<NodeFacts> {
  const [behaviour, readings] = await Promise.all([
    options.behaviour ?? probeKernel().catch(() => unknownBehaviour(release())),
    readInWorker(options),
  ]);
  return joinFacts(readings, { behaviour, ...options });
}

function readInWorker(options: ObserveOptions): Promise<NodeReadings> {
  const request: ReadRequest = {
    netns: options.netns,
    windowSeconds: options.windowSeconds,
    snatOnly: options.snatOnly ?? false,
  };
  const worker = new Worker(new URL('./worker/main.js', import.meta.url), { workerData: request });
  const abort = (): void => void worker.terminate();
  options.signal?.addEventListener('abort', abort, { once: true });
  return new Promise<NodeReadings>((resolve, reject) => {
    worker.on('message', (message: ReaderMessage) => {
      if (message.kind === 'progress') options.progress?.(message.step, message.share);
      else if (message.kind === 'readings') resolve(message.readings);
      else reject(reportedError(message));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      options.signal?.removeEventListener('abort', abort);
      reject(stoppedEarly());
    });
  });
}
