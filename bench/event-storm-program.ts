// A program: makes and ends SNATed entries in its network namespace, as fast as the kernel lets it or at a rate, for so many
// seconds; prints how many began and ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { FlowChurn } from './flow-churn.ts';
import { type MixFlow, flowMix } from './flow-mix.ts';
import { pinThread } from '../src/lab/traffic/pin-thread.ts';

const [, , secondsText = '5', rateText = '0', cpuText = ''] = process.argv;
const seconds = Number(secondsText);
/** New flows a second; 0 for as many as can be. */
const rate = Number(rateText);
if (cpuText !== '') pinThread(Number(cpuText));

const BATCH = 2000;
const flows: readonly MixFlow[] = [...flowMix(60_000)]
  .filter(({ snatPort }) => snatPort !== undefined)
  .slice(0, 40_000);
const churn = new FlowChurn();
let began = 0;
let next = 0;

function turn(count: number): void {
  for (let index = 0; index < count; index += 1) churn.insert(flowAt(next + index));
  churn.flush();
  for (let index = 0; index < count; index += 1) churn.delete(flowAt(next + index));
  churn.flush();
  next += count;
  began += count;
}

/** Other pods and ports than the table's own. */
function flowAt(index: number): MixFlow {
  const flow = flows[index % flows.length];
  if (flow === undefined) throw new RangeError('no flow to make');
  return { ...flow, source: flow.source + 0x10_0000, destination: flow.destination + 0x10_0000 };
}

const end = performance.now() + seconds * 1000;
const start = performance.now();
while (performance.now() < end) {
  if (rate === 0) turn(BATCH);
  else {
    const due = Math.floor(((performance.now() - start) / 1000) * rate) - began;
    if (due > 0) turn(Math.min(due, BATCH));
    await sleep(5);
  }
}
churn.close();
process.stdout.write(`${began}\n`);
