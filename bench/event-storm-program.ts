// A program: makes and ends SNATed entries in its network namespace, as fast as the kernel lets it or at a rate, for so many
// seconds or until SIGTERM. Prints a line when it begins, and at its end how many events that were.
import { setTimeout as sleep } from 'node:timers/promises';
import { type MixFlow, flowMix } from './flow-mix.ts';
import { FlowStorm } from './flow-storm.ts';

const [, , secondsText = '5', rateText = '0'] = process.argv;
const end = performance.now() + Number(secondsText) * 1000;
/** New flows a second; 0 for as many as can be. */
const rate = Number(rateText);

const TURN = 2000;
/** A flow lives for so long, or until so many others have begun after it. */
const LIFE_SECONDS = 4;
const HELD = 20_000;
/** A storm without a rate grows to its strength in so long: nobody meets it with code that never ran. */
const GROWTH_MILLISECONDS = 2000;
const FIRST_RATE = 10_000;

/** Other pods and remotes than the table's own. */
function elsewhere(flow: MixFlow): MixFlow {
  return { ...flow, source: flow.source + 0x10_0000, destination: flow.destination + 0x10_0000 };
}

const flows = [...flowMix(60_000)].filter(({ snatPort }) => snatPort !== undefined).map(elsewhere);
const storm = new FlowStorm(flows, rate > 0 ? Math.min(HELD, rate * LIFE_SECONDS) : HELD);
let isOver = false;
process.once('SIGTERM', () => (isOver = true));
process.stdout.write('storm\n');

async function paced(perSecond: number, until: number): Promise<void> {
  const [start, began] = [performance.now(), storm.began];
  for (let now = start; now < until && !isOver; now = performance.now()) {
    const due = Math.floor(((now - start) / 1000) * perSecond) - (storm.began - began);
    if (due > 0) storm.turn(Math.min(due, TURN));
    await sleep(5);
  }
}

if (rate > 0) await paced(rate, end);
else {
  await paced(FIRST_RATE, performance.now() + GROWTH_MILLISECONDS);
  while (performance.now() < end) storm.turn(TURN);
}
storm.close();
process.stdout.write(`${storm.events}\n`);
