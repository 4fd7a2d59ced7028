// Holds the capacity of evicting kernels to a direct simulation of churn: what is lost at the capacity for 1 in 1,000 and above it.
//   node dist/bench/capacity-churn.js [SIZE...]
import { type PoolUse, poolCapacity } from '../src/core/alloc/port-pool.ts';
import { TCP } from '../src/core/model/protocol.ts';
import { churnLoss } from './capacity/churn.ts';

const TARGET = 1e-3;
const LIVE_SHARES = [0.02, 0.1, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98];
const FACTORS = [1, 1.02, 1.05, 1.1];
const ARRIVALS = 400_000;

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [4096, 45_536];
process.stdout.write(`lost of 1,000 new flows, at the capacity for 1 and at ${FACTORS.slice(1).join(', ')} times it\n`);
for (const size of sizes) {
  for (const liveShare of LIVE_SHARES) {
    const capacity = poolCapacity(useOf(size, liveShare), TARGET);
    const lost = FACTORS.map((factor) => (1000 * meanLoss({ size, offered: capacity * factor, liveShare })).toFixed(2));
    process.stdout.write(`${size} ports, live ${liveShare}: ${Math.round(capacity)} flows: ${lost.join(' ')}\n`);
  }
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
