// A program: keeps a ledger of its network namespace, drained at the pace of the agent. Each SIGUSR2 notes how far it is;
// SIGTERM prints all events and overruns, and between the two notes: events, microseconds outside and inside the kernel.
import { setTimeout as sleep } from 'node:timers/promises';
import { FIRST_DRAIN_MILLISECONDS, drainAfterMilliseconds } from '../src/agent/drain-pace.ts';
import { LedgerKeeper } from '../src/agent/ledger-keeper.ts';
import { NODE_ADDRESS } from './flow-mix.ts';

const localAddresses = [[24, 16, 8, 0].map((shift) => (NODE_ADDRESS >>> shift) & 0xff).join('.')];
const keeper = new LedgerKeeper({ localAddresses }, { now: () => performance.now(), clock: () => Date.now() });
keeper.resync();

function note() {
  const { user, system } = process.cpuUsage();
  return { events: keeper.events.events, user, system };
}

const notes: ReturnType<typeof note>[] = [];
let isOver = false;
process.on('SIGUSR2', () => notes.push(note()));
process.on('SIGTERM', () => (isOver = true));
process.stdout.write('ready\n');

let wait = FIRST_DRAIN_MILLISECONDS;
while (!isOver) {
  wait = drainAfterMilliseconds({ events: keeper.drain(), waitedMilliseconds: wait });
  await sleep(wait);
}
keeper.drain();
const { events, overruns } = keeper.events;
const [from = note(), to = note()] = notes;
const window = [to.events - from.events, to.user - from.user, to.system - from.system];
process.stdout.write(`${[events, overruns, ...window].join(' ')}\n`);
keeper.close();
