// Churn on a kernel that takes closing entries over, simulated directly: arrivals, a live time, then TIME_WAIT until it ends or is
// taken over. The yardstick for the bounds of src/core/alloc/capacity/evicting-curve.ts.
import { HARDER_THRESHOLD, STARTS, searchWindows } from '../../src/core/alloc/port-search.ts';
import type { Random } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';

const [FREE, LIVE, CLOSING] = [0, 1, 2];

export interface Churn {
  readonly size: number;
  /** Arrivals in one hold, TIME_WAIT included. */
  readonly offered: number;
  /** Share of the hold that a flow is live. */
  readonly liveShare: number;
  readonly seed: number;
}

/** Share of the arrivals lost, counted from the sixth hold to the fifteenth after a start with no flow. */
export function churnLoss({ size, offered, liveShare, seed }: Churn): number {
  const random = seededRandom(seed);
  const states = new Uint8Array(size);
  const owners = new Int32Array(size);
  const slots = Math.ceil(offered * 1.5) + 64;
  const ports = new Int32Array(slots);
  const starts = new Float64Array(slots);
  const windows = searchWindows(size);
  let [flow, living, ending, now, tried, lost] = [0, 0, 0, 0, 0, 0];
  while (now < 15) {
    now -= Math.log(1 - random()) / offered;
    for (; living < flow && (starts[living % slots] ?? 0) + liveShare <= now; living += 1) {
      states[ports[living % slots] ?? 0] = CLOSING;
    }
    for (; ending < living && (starts[ending % slots] ?? 0) + 1 <= now; ending += 1) {
      const port = ports[ending % slots] ?? 0;
      if (owners[port] === ending) states[port] = FREE;
    }
    const port = findPort(states, windows, random);
    if (now >= 5) tried += 1;
    if (port < 0) {
      if (now >= 5) lost += 1;
      continue;
    }
    states[port] = LIVE;
    owners[port] = flow;
    ports[flow % slots] = port;
    starts[flow % slots] = now;
    flow += 1;
  }
  return lost / tried;
}

function findPort(states: Uint8Array, windows: readonly number[], random: Random): number {
  const size = states.length;
  for (const width of windows) {
    let start = (random() * STARTS) | 0;
    let offset = start % size;
    for (let left = width; left > 0; left -= 1) {
      const state = states[offset];
      if (state === FREE || (state === CLOSING && left <= HARDER_THRESHOLD && random() < 0.5)) return offset;
      start += 1;
      offset += 1;
      if (start === STARTS) [start, offset] = [0, 0];
      else if (offset === size) offset = 0;
    }
  }
  return -1;
}
