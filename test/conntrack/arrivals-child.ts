// Inserts entries while two listeners wait, one with a queue too small, and prints what each counted and what the kernel counts.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { populate } from '../../bench/populate.ts';
import { readConntrackCounters } from '../../src/kernel/conntrack/conntrack-counters.ts';
import { ArrivalListener } from '../../src/kernel/conntrack/flow-arrivals.ts';
import { readTableUse } from '../../src/kernel/conntrack/table-use.ts';

/** Two flows that must share one port: the second is lost, which `found`, `insert_failed` and `drop` count. */
function loseOneFlow(): void {
  const steps = [
    'ip link set lo up',
    'ip addr add 198.51.100.1/32 dev lo',
    'nft add table ip t',
    "nft 'add chain ip t c { type nat hook postrouting priority srcnat; }'",
    "nft 'add rule ip t c udp dport 9 snat to 198.51.100.1:5000 fully-random'",
    'for port in 1 2; do (echo x >/dev/udp/198.51.100.1/9) 2>/dev/null || true; done',
  ];
  execFileSync('bash', ['-ec', steps.join('\n')], { stdio: 'ignore' });
}

loseOneFlow();
const ends = new ArrivalListener();
const ample = new ArrivalListener();
const small = new ArrivalListener({ queueBytes: 16_384 });
const bounded = new ArrivalListener({ portSpaceLimit: 3 });
const entries = populate(2000);
const arrivals = ample.finish(2);
const overrun = small.finish(2);
const folded = bounded.finish(2);
const overruns = small.overruns;
// conntrack says on stderr how many it deleted.
const deleted = spawnSync('conntrack', ['-D', '-r', '203.0.113.0'], { encoding: 'utf8', maxBuffer: 1 << 24 }).stderr;
const departures = ends.finish(2);
for (const listener of [ends, ample, small, bounded]) listener.close();
const statistics = readFileSync('/proc/thread-self/net/stat/nf_conntrack', 'latin1').trim().split('\n');
const [names, ...perCpu] = statistics.map((line) => line.trim().split(/\s+/));
const column = (name: string): number =>
  perCpu.reduce((sum, values) => sum + Number.parseInt(values[names?.indexOf(name) ?? -1] ?? '0', 16), 0);
console.log(
  JSON.stringify({
    entries,
    arrivals,
    overrun,
    deleted: Number(/(\d+) flow entries have been deleted/.exec(deleted)?.[1]),
    departures,
    overruns,
    folded,
    table: readTableUse(),
    counters: readConntrackCounters(),
    proc: {
      count: Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'latin1')),
      max: Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'latin1')),
      found: column('found'),
      invalid: column('invalid'),
      insertFailed: column('insert_failed'),
      drop: column('drop'),
      earlyDrop: column('early_drop'),
      clashResolve: column('clashres'),
      chainTooLong: column('chainlength'),
    },
  }),
);
