// The watching thread: enters the namespace, watches it, and hands columns over without copying.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { enterNetns } from '../../kernel/netns/network-namespace.ts';
import { transferable } from '../../observe/transferable.ts';
import { NodeWatch } from '../node-watch.ts';
import type { WatchMessage, WatchRequest, WatchStart } from '../watch-messages.ts';

const start: WatchStart = workerData;
const stopping = new AbortController();

function post(message: WatchMessage): void {
  parentPort?.postMessage(message, message.kind === 'facts' ? transferable(message.readings.flows) : []);
}

async function answer(watch: NodeWatch, request: WatchRequest): Promise<void> {
  if (request.kind === 'stop') stopping.abort();
  else if (request.kind === 'report') post({ kind: 'report', id: request.id, report: await watch.reportNow() });
  else if (request.kind === 'who')
    post({ kind: 'who', id: request.id, answer: await watch.who(request.port, request.atMilliseconds) });
  else {
    const readings = await watch.facts(request.windowSeconds);
    post({ kind: 'facts', id: request.id, readings: { ...readings, flows: { ...readings.flows } } });
  }
}

try {
  if (start.netns !== undefined) enterNetns(start.netns);
  const watch = new NodeWatch(start, {
    now: () => performance.now(),
    clock: () => Date.now(),
    sleep: (milliseconds) => sleep(milliseconds),
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    report: (report) => post({ kind: 'report', report }),
  });
  parentPort?.on('message', (request: WatchRequest) => void answer(watch, request));
  await watch.run(stopping.signal);
  watch.close();
  parentPort?.close();
} catch (error) {
  if (!(error instanceof PortolanError)) throw error;
  post({ kind: 'failed', code: error.code, message: error.message, hint: error.hint });
}
