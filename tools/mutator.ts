// Changes inputs at random for the fuzzers: the same changes for the same seed.

/** One stream of random numbers (mulberry32) and what it does to bytes. */
export class Mutator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to below `below`. */
  random(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  /** Up to eight changed bytes, sometimes a cut, sometimes a splice. */
  mutated(input: Uint8Array): Uint8Array {
    const output = this.random(8) === 0 ? input.slice(0, this.random(input.length + 1)) : input.slice();
    for (let change = this.random(8); change >= 0 && output.length > 0; change -= 1) {
      output[this.random(output.length)] = this.random(3) === 0 ? this.random(4) : this.random(256);
    }
    if (this.random(16) === 0 && output.length > 8) {
      output.copyWithin(this.random(output.length), this.random(output.length));
    }
    return output;
  }
}
