// In a namespace of its own: keepers listen while flows come and go at random, with and without a queue that overruns; prints
// what differs from the kernel at each point.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlowChurn } from '../../bench/flow-churn.ts';
import { RandomFlows } from '../../bench/random-flows.ts';
import { LedgerKeeper } from '../../src/agent/ledger-keeper.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { startChurn } from './churn.ts';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { compareLedger, unheardIds } from './compare-ledger.ts';

const LOCAL = ['127.0.0.1', '192.0.2.10', '::1'];
/** Random flows that run out do so within 4 s. */
const RUN_OUT_MILLISECONDS = 5200;
const CLOCK = { now: () => performance.now(), clock: () => Date.now() };
const loose = { localAddresses: LOCAL, isLoose: true };
const strict = { localAddresses: LOCAL, isLoose: false };

function fill(flows: number): void {
  const churn = new FlowChurn();
  const random = new RandomFlows(seededRandom(99), 4);
  for (let index = 0; index < flows; index += 1) churn.insert(random.begin());
  churn.flush();
  churn.close();
}

/** `events`: nf_conntrack_events; 2 leaves flows that are older than the first listener without an end. */
async function joined(events: 1 | 2) {
  writeFileSync('/proc/sys/net/netfilter/nf_conntrack_events', String(events));
  execFileSync('conntrack', ['-F'], { stdio: 'ignore' });
  fill(2000);
  const stop = startChurn({ seed: 11 + events, most: 6000 });
  await sleep(200);
  const keeper = new LedgerKeeper({ localAddresses: LOCAL }, CLOCK);
  const first = keeper.resync();
  for (let round = 0; round < 25; round += 1) {
    await sleep(20);
    keeper.drain();
    if (round % 8 === 7) keeper.resync();
  }
  const churned = await stop();
  await settle(keeper);
  const excused = events === 2 ? unheardIds(keeper.ledger) : new Set<number>();
  const byEvents = compareLedger(keeper.ledger, { ...loose, excused });
  const resync = keeper.resync();
  const byResync = compareLedger(keeper.ledger, strict);
  const { counts } = keeper.ledger;
  const seen = { events: keeper.events.events, overruns: keeper.events.overruns, isFiltered: keeper.events.isFiltered };
  keeper.close();
  return { churned, first, byEvents, resync, byResync, counts, seen, isCurrent: keeper.isCurrent, gaps: keeper.gaps };
}

/** Waits until the flows that run out have, and lets a dump delete them: then the kernel says so. */
async function settle(keeper: LedgerKeeper): Promise<void> {
  await sleep(RUN_OUT_MILLISECONDS);
  dumpFlows({ localAddresses: LOCAL });
  keeper.drain();
}

async function overrun() {
  execFileSync('conntrack', ['-F'], { stdio: 'ignore' });
  const keeper = new LedgerKeeper({ localAddresses: LOCAL, queueBytes: 16_384 }, CLOCK);
  keeper.resync();
  const stop = startChurn({ seed: 5, most: 5000 });
  for (let round = 0; round < 100 && keeper.events.overruns === 0; round += 1) {
    await sleep(100);
    keeper.drain();
  }
  const during = { overruns: keeper.events.overruns, isCurrent: keeper.isCurrent };
  const busy = keeper.resync();
  await stop();
  await settle(keeper);
  const lost = compareLedger(keeper.ledger, loose);
  const resync = keeper.resync();
  const healed = compareLedger(keeper.ledger, strict);
  keeper.close();
  return { during, busy, lost, resync, healed, isCurrent: keeper.isCurrent };
}

const answer = JSON.stringify({ auto: await joined(2), always: await joined(1), overrun: await overrun() });
// What was lost can be longer than a pipe holds.
process.stdout.write(answer, () => process.exit(0));
