// A thread that makes and ends flows at random in the namespace of its process until it is told to stop.
import { setImmediate as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { FlowChurn } from '../../bench/flow-churn.ts';
import { RandomFlows } from '../../bench/random-flows.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import type { ChurnReport, ChurnStart } from './churn.ts';

const { seed, most } = workerData as ChurnStart;
const random = seededRandom(seed);
const flows = new RandomFlows(random);
const churn = new FlowChurn();
let isStopped = false;
let steps = 0;
parentPort?.once('message', () => {
  isStopped = true;
});

/** Up to the wanted number of flows, then as many end as begin. */
function step(): void {
  steps += 1;
  const isBeginning = flows.live < most / 2 || (flows.live < most && random() < 0.5);
  if (isBeginning) churn.insert(flows.begin());
  else {
    const ended = flows.end();
    if (ended !== undefined) churn.delete(ended);
  }
}

while (!isStopped) {
  for (let index = 0; index < 500; index += 1) step();
  churn.flush();
  await pause();
}
churn.close();
parentPort?.postMessage({ steps, live: flows.live } satisfies ChurnReport);
