// Finds n(P): how many flows held at once (fixed hold, blocked flows lost) keep the drop probability at P.
// Prints the rows of src/core/alloc/sustainable-flows.ts; run by hand: node dist/bench/sustainable-flows.js [SIZE...]
import { type Random, searchPort } from '../src/core/alloc/reference-search.ts';
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import { PortSet } from '../src/core/model/port-set.ts';
import { UDP } from '../src/core/model/protocol.ts';

const SIZES = [
  150, 256, 512, 1024, 4096, 16_384, 18_000, 20_000, 21_845, 24_576, 27_000, 30_000, 32_768, 34_000, 35_536, 37_536,
  40_960, 45_536, 49_152, 55_296, 57_344, 60_746, 64_512,
];
const TARGETS = [1e-4, 1e-3, 1e-2];
const STEPS = 11;
const BEHAVIOUR = { evictsClosing: 'no', search: 'windows' } as const;

/** Share of Poisson arrivals that found no port when `held` of them fall into one (fixed) hold time; measured after 15 holds. */
function dropShare(size: number, held: number, arrivals: number, random: Random): number {
  const range = { first: 65_536 - size, last: 65_535 };
  const search = { occupied: new PortSet(), evictable: new PortSet(), range, protocol: UDP, behaviour: BEHAVIOUR };
  const ports = new Int32Array(size);
  const expiry = new Float64Array(size);
  const warmUp = held * 15;
  let [oldest, holding, now, dropped] = [0, 0, 0, 0];
  for (let arrival = 0; arrival < warmUp + arrivals; arrival += 1) {
    now -= Math.log(1 - random()) / held;
    for (; holding > 0 && (expiry[oldest] ?? 0) <= now; holding -= 1, oldest = (oldest + 1) % size) {
      search.occupied.delete(ports[oldest] ?? 0);
    }
    const { port } = searchPort(search, random);
    if (port === undefined) {
      if (arrival >= warmUp) dropped += 1;
      continue;
    }
    search.occupied.add(port);
    const slot = (oldest + holding) % size;
    ports[slot] = port;
    expiry[slot] = now + 1;
    holding += 1;
  }
  return dropped / arrivals;
}

function flowsThatFit(size: number, target: number): number {
  const arrivals = Math.max(size * 10, Math.min(3_000_000, Math.round(400 / target)));
  let low = Math.floor(size * 0.45);
  let high = size;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = Math.round((low + high) / 2);
    if (dropShare(size, middle, arrivals, seededRandom(step + size)) > target) high = middle;
    else low = middle;
  }
  return Math.round((low + high) / 2);
}

const asked = process.argv.slice(2).map(Number);
for (const size of asked.length > 0 ? asked : SIZES) {
  process.stdout.write(`  [${size}, ${TARGETS.map((target) => flowsThatFit(size, target)).join(', ')}],\n`);
}
