// The probe's thread: a namespace of its own, the experiments, one message.
import { parentPort, workerData } from 'node:worker_threads';
import { closeSync } from 'node:fs';
import { createNetns } from '../netns/network-namespace.ts';
import { probeNamespace } from './probe-namespace.ts';
import type { ProbeAnswer } from './decode-answer.ts';

function attempt(): ProbeAnswer {
  try {
    closeSync(createNetns());
    return { ok: true, behaviour: probeNamespace(String(workerData)) };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(attempt());
