// A range under a steady load: Poisson arrivals, blocked flows lost, hold times all equal or random.
import type { Random } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { PortField } from './port-field.ts';

export interface Load {
  readonly size: number;
  /** Arrivals in one hold time. */
  readonly offered: number;
  readonly seed: number;
  /** What is measured: the mean drop probability over these hold times after a start with no flow. */
  readonly from?: number;
  readonly to?: number;
}

/** What holds ports and finds them. */
export interface Field {
  find(): number;
  add(offset: number): void;
  delete(offset: number): void;
  drop(): number;
}

const SAMPLES_PER_HOLD = 8;

/**
 * From so many losses on they are counted: under overload flows of equal length come and go in waves, which eight looks a hold
 * do not resolve.
 */
const ENOUGH_LOST = 200;

/**
 * Mean of the exact drop probability under flows that all hold their port equally long.
 *
 * Equal holds hardly settle: flows leave in the order they came, so clusters of occupied ports age for hundreds of holds. Taken
 * is the mean from the fourth hold to the twentieth (docs/decisions/0010-what-a-range-bears.md).
 */
export function fixedHoldDrop(load: Load): number {
  const random = seededRandom(load.seed);
  return equalHoldDrop(new PortField(load.size, random), { from: 3, to: 20, ...load, random });
}

/** The same in any field; the random numbers are those that the field uses too. */
export function equalHoldDrop(field: Field, load: Required<Load> & { readonly random: Random }): number {
  const { size, from, to } = load;
  const waits = exponentialWaits(load.random, 1 / load.offered);
  const held = new HeldPorts(field, size);
  let [now, sample, total, tried, lost] = [0, from * SAMPLES_PER_HOLD, 0, 0, 0];
  for (;;) {
    now += waits();
    if (now * SAMPLES_PER_HOLD >= sample) {
      // A sample sees the state of its own time: until the next arrival more would leave.
      held.leave(sample / SAMPLES_PER_HOLD);
      if (sample >= to * SAMPLES_PER_HOLD) break;
      total += field.drop();
      sample += 1;
    }
    held.leave(now);
    const port = field.find();
    if (port >= 0) held.take(port, now + 1);
    if (now < from) continue;
    tried += 1;
    if (port < 0) lost += 1;
  }
  return lost >= ENOUGH_LOST ? lost / tried : total / (sample - from * SAMPLES_PER_HOLD);
}

/** Ports in the order they were taken, which is the order they leave in. */
class HeldPorts {
  readonly #field: Field;
  readonly #ports: Int32Array;
  readonly #ends: Float64Array;
  #oldest = 0;
  #held = 0;

  constructor(field: Field, size: number) {
    this.#field = field;
    this.#ports = new Int32Array(size);
    this.#ends = new Float64Array(size);
  }

  take(port: number, end: number): void {
    const slot = (this.#oldest + this.#held) % this.#ports.length;
    this.#field.add(port);
    this.#ports[slot] = port;
    this.#ends[slot] = end;
    this.#held += 1;
  }

  leave(until: number): void {
    for (; this.#held > 0 && (this.#ends[this.#oldest] ?? 0) <= until; this.#held -= 1) {
      this.#field.delete(this.#ports[this.#oldest] ?? 0);
      this.#oldest = this.#oldest + 1 === this.#ports.length ? 0 : this.#oldest + 1;
    }
  }
}

/** The same with exponential hold times: the next event is an arrival or the end of any flow held. */
export function exponentialHoldDrop(load: Load): number {
  const { size, offered, from = 5, to = 15 } = load;
  const random = seededRandom(load.seed);
  const field = new PortField(size, random);
  const ports = new Int32Array(size);
  let [held, now, sample, total] = [0, 0, from * SAMPLES_PER_HOLD, 0];
  while (sample < to * SAMPLES_PER_HOLD) {
    now += 1 / (offered + held);
    if (now * SAMPLES_PER_HOLD >= sample) {
      total += field.drop();
      sample += 1;
    }
    if (random() * (offered + held) >= offered) {
      const leaving = (random() * held) | 0;
      field.delete(ports[leaving] ?? 0);
      held -= 1;
      ports[leaving] = ports[held] ?? 0;
      continue;
    }
    const port = field.find();
    if (port < 0) continue;
    field.add(port);
    ports[held] = port;
    held += 1;
  }
  return total / ((to - from) * SAMPLES_PER_HOLD);
}

const QUANTILES = 4096;
const UNIT_WAITS = Float64Array.from({ length: QUANTILES }, (_, index) => -Math.log((index + 0.5) / QUANTILES));
const UNIT_MEAN = UNIT_WAITS.reduce((total, wait) => total + wait, 0) / QUANTILES;

/** Exponential waits from 4,096 equally likely ones with the right mean: a logarithm for each costs as much as the search. */
function exponentialWaits(random: Random, mean: number): () => number {
  const scale = mean / UNIT_MEAN;
  return () => (UNIT_WAITS[(random() * QUANTILES) | 0] ?? 0) * scale;
}
