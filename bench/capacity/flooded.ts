// The limit of an evicting kernel: closing entries hold every port that no live flow holds, and leave only by being taken over.
// No port is ever free, so only the last 32 candidates of a window count, and each closing one refuses with 1/2.
import { HARDER_THRESHOLD, STARTS, searchWindows } from '../../src/core/alloc/port-search.ts';
import type { Random } from '../../src/core/alloc/reference-search.ts';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { type Field, type Load, equalHoldDrop } from './offered-load.ts';

/** Live flows by offset, with the search that may take closing entries over. */
class FloodedField implements Field {
  readonly #live: Uint8Array;
  readonly #windows: readonly number[];
  readonly #random: Random;

  constructor(size: number, random: Random) {
    this.#live = new Uint8Array(size);
    this.#windows = searchWindows(size);
    this.#random = random;
  }

  /** A start, and the offsets that may be taken over from there. */
  find(): number {
    const size = this.#live.length;
    for (const width of this.#windows) {
      const tries = Math.min(width, HARDER_THRESHOLD);
      let start = (((this.#random() * STARTS) | 0) + width - tries) % STARTS;
      let offset = start % size;
      for (let attempt = 0; attempt < tries; attempt += 1) {
        if (this.#live[offset] === 0 && this.#random() < 0.5) return offset;
        start += 1;
        offset += 1;
        if (start === STARTS) [start, offset] = [0, 0];
        else if (offset === size) offset = 0;
      }
    }
    return -1;
  }

  add(offset: number): void {
    this.#live[offset] = 1;
  }

  delete(offset: number): void {
    this.#live[offset] = 0;
  }

  /** Mean over the starts of 2^-(closing entries among the last candidates), multiplied over the windows. */
  drop(): number {
    const known = new Map<number, number>();
    return this.#windows.reduce((product, width) => {
      const tries = Math.min(width, HARDER_THRESHOLD);
      const share = known.get(tries) ?? this.#refusal(tries);
      known.set(tries, share);
      return product * share;
    }, 1);
  }

  /** As if the range were a ring: the wrap of the u16 counter inside it touches fewer than 1 start in 2,000. */
  #refusal(tries: number): number {
    const live = this.#live;
    const size = live.length;
    const cut = STARTS % size;
    const laps = (STARTS - cut) / size;
    let [closing, entering, total] = [0, 0, 0];
    for (let offset = 0; offset < tries; offset += 1) closing += 1 - (live[offset] ?? 0);
    entering = tries === size ? 0 : tries;
    for (let offset = 0; offset < size; offset += 1) {
      total += (REFUSALS[closing] ?? 0) * (offset < cut ? laps + 1 : laps);
      closing += (live[offset] ?? 0) - (live[entering] ?? 0);
      entering = entering + 1 === size ? 0 : entering + 1;
    }
    return total / STARTS;
  }
}

const REFUSALS = Float64Array.from({ length: 64 }, (_, closing) => 0.5 ** closing);

/** Mean drop probability while live flows of equal length are offered; `offered` counts live flows only. */
export function floodedDrop(load: Load): number {
  const random = seededRandom(load.seed);
  return equalHoldDrop(new FloodedField(load.size, random), { from: 5, to: 15, ...load, random });
}
