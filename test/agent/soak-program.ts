// npm run soak [-- --for 30m] [--seed N]: storms of random churn, lost events, clocks that jump, devices that come and go, keepers
// that die and start anew; after each storm the ledger must be what the kernel has. Exits 1 at the first difference.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LedgerKeeper } from '../../src/agent/ledger-keeper.ts';
import { parseDuration } from '../../src/cli/flags/parse-duration.ts';
import { type Random } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { readAddresses } from '../../src/kernel/route/read-links.ts';
import { isolateProcess } from '../../src/lab/isolate-process.ts';
import { startChurn } from './churn.ts';
import { compareLedger, isSame } from './compare-ledger.ts';

isolateProcess({
  platform: process.platform,
  execPath: process.execPath,
  execArgv: process.execArgv,
  scriptAndArguments: process.argv.slice(1),
  env: process.env,
});

const { values } = parseArgs({
  options: { for: { type: 'string', default: '30m' }, seed: { type: 'string', default: '1' } },
});
const seconds = parseDuration(values.for, { shortestSeconds: 1, longestSeconds: 86_400 });
if (seconds === undefined) throw new RangeError(`Cannot read --for: ${values.for}, wanted a duration, for example 30m`);

/** Random flows that run out do so within 4 s. */
const RUN_OUT_MILLISECONDS = 5200;
const NODE_ADDRESS = '192.0.2.10';
/** Far below what a storm needs. */
const SMALL_QUEUE_BYTES = 16_384;

/** A clock that jumps: forward by up to an hour for everyone, the time of day by up to a day both ways. */
class JumpingClock {
  #ahead = 0;
  #wallAhead = 0;
  readonly now = (): number => performance.now() + this.#ahead;
  readonly clock = (): number => Date.now() + this.#wallAhead;

  jump(random: Random): void {
    this.#ahead += random() * 3_600_000;
    this.#wallAhead += (random() - 0.5) * 86_400_000;
  }
}

function run(command: string): void {
  execFileSync('bash', ['-c', command], { stdio: 'ignore' });
}

/** A device with an address through which a pod's datagrams are masqueraded; its end ends their entries. */
function flapDevice(): void {
  run('ip link del soak0 || true');
  run('ip link add soak0 type veth peer name soak1 && ip addr add 198.51.100.7/24 dev soak0');
  run('ip link set soak0 up && ip link set soak1 up');
  run('for port in $(seq 1 40); do echo x > /dev/udp/198.51.100.9/$port; done; true');
}

class Soak {
  readonly #random: Random;
  readonly #clock = new JumpingClock();
  #keepers: readonly LedgerKeeper[] = [];
  #totals = { rounds: 0, events: 0, overruns: 0, resyncs: 0, restarts: 0, jumps: 0 };

  constructor(random: Random) {
    this.#random = random;
    this.#restart();
  }

  get totals() {
    return this.#totals;
  }

  /** One storm. @returns what differs afterwards, in words; undefined when nothing does. */
  async round(): Promise<string | undefined> {
    this.#totals.rounds += 1;
    const stop = startChurn({
      seed: Math.floor(this.#random() * 2 ** 31),
      most: 1000 + Math.floor(this.#random() * 20_000),
    });
    for (let step = 0; step < 20; step += 1) await this.#step();
    await stop();
    await sleep(RUN_OUT_MILLISECONDS);
    dumpFlows({ localAddresses: [] });
    return this.#compare();
  }

  async #step(): Promise<void> {
    await sleep(this.#random() * 100);
    for (const keeper of this.#keepers) keeper.drain();
    const dice = this.#random();
    if (dice < 0.1) for (const keeper of this.#keepers) keeper.resync({ snatOnly: this.#random() < 0.3 });
    else if (dice < 0.15) flapDevice();
    else if (dice < 0.2) this.#jump();
    else if (dice < 0.25) this.#restart();
    else if (dice < 0.35) for (const keeper of this.#keepers) keeper.ageOut();
    else if (dice < 0.4) for (const keeper of this.#keepers) keeper.ledger.compact();
  }

  #jump(): void {
    this.#clock.jump(this.#random);
    this.#totals.jumps += 1;
  }

  /** As after kill -9: nothing is left but what the kernel has. The second keeper's queue overruns. */
  #restart(): void {
    this.#retire();
    const localAddresses = readAddresses().value;
    this.#keepers = [
      new LedgerKeeper({ localAddresses }, this.#clock),
      new LedgerKeeper({ localAddresses, queueBytes: SMALL_QUEUE_BYTES }, this.#clock),
    ];
    for (const keeper of this.#keepers) keeper.resync();
    this.#totals.restarts += 1;
  }

  #retire(): void {
    for (const keeper of this.#keepers) {
      this.#totals.events += keeper.events.events;
      this.#totals.overruns += keeper.events.overruns;
      this.#totals.resyncs += keeper.resyncs;
      keeper.close();
    }
  }

  #compare(): string | undefined {
    const localAddresses = readAddresses().value;
    for (const [index, keeper] of this.#keepers.entries()) {
      keeper.setLocalAddresses(localAddresses);
      const { isWhole } = keeper.resync();
      const compared = compareLedger(keeper.ledger, { localAddresses, isLoose: false });
      if (isWhole && keeper.isCurrent && isSame(compared)) continue;
      return `keeper ${index} (whole ${isWhole}, current ${keeper.isCurrent}) differs: ${JSON.stringify(compared).slice(0, 2000)}`;
    }
    return undefined;
  }

  end(): void {
    this.#retire();
    this.#keepers = [];
  }
}

run(`ip link set lo up; ip addr add ${NODE_ADDRESS}/32 dev lo; ip addr add 10.244.9.9/32 dev lo`);
// What the flapping device leaves behind runs out before it is compared.
run('sysctl -w net.netfilter.nf_conntrack_udp_timeout=2');
run('nft add table ip t; nft add chain ip t c "{ type nat hook postrouting priority srcnat; }"');
run('nft add rule ip t c oifname soak0 masquerade fully-random');
flapDevice();
const soak = new Soak(seededRandom(Number(values.seed)));
const end = performance.now() + seconds * 1000;
let difference: string | undefined;
do {
  difference = await soak.round();
  const { rounds, events, overruns } = soak.totals;
  const megabytes = Math.round(process.memoryUsage.rss() / 1e6);
  process.stderr.write(
    `round ${rounds}: ${difference ?? 'no difference'}; ${events} events, ${overruns} overruns, ${megabytes} MB\n`,
  );
} while (difference === undefined && performance.now() < end);
soak.end();
const { rounds, events, overruns, resyncs, restarts, jumps } = soak.totals;
process.stdout.write(
  `${rounds} storms, ${events} events, ${overruns} overruns, ${resyncs} resyncs, ${restarts} starts, ${jumps} clock jumps: ${difference === undefined ? 'no difference' : 'DIFFERENT'}\n`,
);
process.exit(difference === undefined ? 0 : 1);
