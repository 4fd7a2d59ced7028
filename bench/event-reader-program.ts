// A program: keeps a ledger of its network namespace, draining on a timer as the agent does. After a time to warm up it prints,
// of so many seconds: events, overruns, microseconds of CPU, those of them outside the kernel.
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerKeeper } from '../src/agent/ledger-keeper.ts';
import { pinThread } from '../src/lab/traffic/pin-thread.ts';
import { NODE_ADDRESS } from './flow-mix.ts';

const [, , warmText = '2', secondsText = '5'] = process.argv;
pinThread(0);
const localAddresses = [[24, 16, 8, 0].map((shift) => (NODE_ADDRESS >>> shift) & 0xff).join('.')];
const keeper = new LedgerKeeper({ localAddresses }, { now: () => performance.now(), clock: () => Date.now() });
keeper.resync();
process.stdout.write('ready\n');

async function watch(seconds: number) {
  const start = { events: keeper.events.events, overruns: keeper.events.overruns, cpu: process.cpuUsage() };
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    keeper.drain();
    await sleep(20);
  }
  const { user, system } = process.cpuUsage(start.cpu);
  const { events, overruns } = keeper.events;
  return [events - start.events, overruns - start.overruns, user + system, user];
}

await watch(Number(warmText));
process.stdout.write(`${(await watch(Number(secondsText))).join(' ')}\n`);
keeper.close();
