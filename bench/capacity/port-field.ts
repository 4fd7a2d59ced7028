// The ports of one range as a bitmap of offsets, with the kernel's window search and its exact drop probability over it.
// A copy of what src/core/alloc does port by port, some hundred times faster: curves need a billion searches.
// Tests hold both to the same answers (test/bench/port-field.test.ts).
import { STARTS, searchWindows } from '../../src/core/alloc/port-search.ts';
import type { Random } from '../../src/core/alloc/reference-search.ts';

export class PortField {
  readonly size: number;
  readonly #words = new Uint32Array(STARTS / 32 + 1);
  readonly #windows: readonly number[];
  readonly #random: Random;

  constructor(size: number, random: Random) {
    this.size = size;
    this.#random = random;
    this.#windows = searchWindows(size);
  }

  add(offset: number): void {
    const word = offset >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (offset & 31));
  }

  delete(offset: number): void {
    const word = offset >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) & ~(1 << (offset & 31));
  }

  has(offset: number): boolean {
    return (((this.#words[offset >>> 5] ?? 0) >>> (offset & 31)) & 1) === 1;
  }

  /** A free offset as the kernel's search finds it, or -1. */
  find(): number {
    for (const width of this.#windows) {
      const offset = this.#scan((this.#random() * STARTS) | 0, width);
      if (offset >= 0) return offset;
    }
    return -1;
  }

  /** One window, in stretches that neither the end of the range nor the wrap of the u16 counter cuts. */
  #scan(from: number, width: number): number {
    let [start, offset, left] = [from, from % this.size, width];
    while (left > 0) {
      const stretch = Math.min(left, this.size - offset, STARTS - start);
      const free = this.#firstFree(offset, offset + stretch);
      if (free >= 0) return free;
      left -= stretch;
      start += stretch;
      offset += stretch;
      if (start === STARTS) [start, offset] = [0, 0];
      else if (offset === this.size) offset = 0;
    }
    return -1;
  }

  #firstFree(from: number, end: number): number {
    const words = this.#words;
    const last = (end - 1) >>> 5;
    let word = from >>> 5;
    let free = ~(words[word] ?? 0) & (-1 << (from & 31));
    while (free === 0) {
      word += 1;
      if (word > last) return -1;
      free = ~(words[word] ?? 0);
    }
    const offset = (word << 5) + 31 - Math.clz32(free & -free);
    return offset < end ? offset : -1;
  }

  /**
   * Chance that a search started now finds nothing: the product over the windows of the share of starts that miss.
   *
   * The 65,536 starts are laps of the range, the last one cut short; a run of occupied offsets between two free ones holds
   * length - width + 1 starts that miss, on every lap.
   */
  drop(): number {
    const { size } = this;
    const cut = STARTS % size;
    const laps = (STARTS - cut) / size;
    const misses = new Misses(this.#windows);
    let [first, previous, lastInCut] = [-1, -1, -1];
    for (let word = 0; word <= (size - 1) >>> 5; word += 1) {
      let free = ~(this.#words[word] ?? 0);
      while (free !== 0) {
        const low = free & -free;
        free ^= low;
        const offset = (word << 5) + 31 - Math.clz32(low);
        if (offset >= size) break;
        if (offset < cut) lastInCut = offset;
        if (previous < 0) first = offset;
        else if (offset - previous > 8) misses.add(offset - previous - 1, offset < cut ? laps + 1 : laps);
        previous = offset;
      }
    }
    if (previous < 0) return 1;
    const seam = first + size - previous - 1;
    misses.add(seam, lastInCut < 0 ? laps - 1 : laps);
    misses.add(lastInCut < 0 ? seam + cut : cut - lastInCut - 1 + first, 1);
    return misses.product();
  }
}

/** Starts that miss, per window. */
class Misses {
  readonly #windows: readonly number[];
  readonly #counts: Float64Array;

  constructor(windows: readonly number[]) {
    this.#windows = windows;
    this.#counts = new Float64Array(windows.length);
  }

  add(run: number, times: number): void {
    for (let index = this.#windows.length - 1; index >= 0; index -= 1) {
      const starts = run - (this.#windows[index] ?? 0) + 1;
      if (starts <= 0) return;
      this.#counts[index] = (this.#counts[index] ?? 0) + starts * times;
    }
  }

  product(): number {
    return this.#counts.reduce((product, count) => (product * count) / STARTS, 1);
  }
}
