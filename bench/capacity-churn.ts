// Holds the capacity of evicting kernels to a direct simulation of churn: what is lost at the capacity for 1 in 1,000 and above it,
// and what is lost where all flows just fill the range.
//   node dist/bench/capacity-churn.js [SIZE...]
import { type PoolUse, poolCapacity, poolDrop } from '../src/core/alloc/capacity/port-pool.ts';
import { TCP } from '../src/core/model/protocol.ts';
import { churnLoss } from './capacity/churn.ts';

const TARGET = 1e-3;
const LIVE_SHARES = [0.02, 0.3, 0.6, 0.8, 0.9, 0.95];
const FACTORS = [1, 1.02, 1.05];
const ARRIVALS = 300_000;

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [8192];
process.stdout.write(`lost of 1,000 new flows, at the capacity for 1 and at ${FACTORS.slice(1).join(', ')} times it\n`);
for (const size of sizes) {
  for (const liveShare of LIVE_SHARES) {
    const capacity = poolCapacity(useOf(size, liveShare), TARGET);
    const lost = FACTORS.map((factor) => (1000 * meanLoss({ size, offered: capacity * factor, liveShare })).toFixed(2));
    process.stdout.write(`${size} ports, live ${liveShare}: ${Math.round(capacity)} flows: ${lost.join(' ')}\n`);
  }
}

process.stdout.write('share lost at 1, 1.05 and 1.1 flows a port, and what poolDrop says at 1.1\n');
for (const liveShare of [0.5, 0.6, 0.65, 0.7, 0.8]) {
  const size = sizes[0] ?? 4096;
  const lost = [1, 1.05, 1.1].map((load) => meanLoss({ size, offered: load * size, liveShare }).toExponential(1));
  const ours = poolDrop(useOf(size, liveShare), 1.1 * size).toExponential(1);
  process.stdout.write(`${size} ports, live ${liveShare}: ${lost.join(' ')}; ${ours}\n`);
}

function meanLoss(churn: { readonly size: number; readonly offered: number; readonly liveShare: number }): number {
  const runs = Math.max(1, Math.ceil(ARRIVALS / (10 * churn.offered)));
  let total = 0;
  for (let run = 0; run < runs; run += 1) total += churnLoss({ ...churn, seed: 1 + run });
  return total / runs;
}

function useOf(size: number, liveShare: number): PoolUse {
  return {
    parts: [{ range: { first: 65_536 - size, last: 65_535 }, share: 1 }],
    protocol: TCP,
    behaviour: { search: 'windows', evictsClosing: 'yes' },
    pattern: 'fixed',
    liveShare,
  };
}
