// Distinct IP addresses as rows of 16 bytes, found by their four 32-bit words (words as they lie in memory, network order).
// IPv4 is ::ffff:a.b.c.d, so its one word is enough to find it. Open addressing, no object and no text per address.
import { HASH_SEED, finishHash, mixHash } from './integer-hash.ts';

/** The third word of an IPv4-mapped address: bytes 00 00 ff ff, whatever this machine's byte order. */
export const MAPPED_WORD = new Int32Array(Uint8Array.of(0, 0, 0xff, 0xff).buffer)[0] ?? 0;

const MAPPED_SEED = mixHash(mixHash(mixHash(HASH_SEED, 0), 0), MAPPED_WORD);

/** A growing set of addresses; a row, once given, never changes. */
export class AddressTable {
  #count = 0;
  #words = new Int32Array(64 * 4);
  /** Row + 1 for each slot, 0 for none; twice as many slots as rows fit. */
  #slots = new Int32Array(128);

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** All rows, 16 bytes each; capacity may exceed the count. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer);
  }

  /** The row of an IPv4 address, added when new. */
  rowOfIpv4(word: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = slots.length - 1;
    for (let slot = finishHash(mixHash(MAPPED_SEED, word)) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return this.#append(slot, 0, 0, MAPPED_WORD, word);
      if (words[row * 4 + 3] === word && words[row * 4 + 2] === MAPPED_WORD && this.#isMapped(row)) return row;
    }
  }

  /** The row of the address whose four words start at `at`, added when new. */
  rowOf(from: Int32Array, at: number): number {
    const slot = this.#slotOf(from, at);
    const row = (this.#slots[slot] ?? 0) - 1;
    if (row >= 0) return row;
    return this.#append(slot, from[at] ?? 0, from[at + 1] ?? 0, from[at + 2] ?? 0, from[at + 3] ?? 0);
  }

  /** Whether the address whose four words start at `at` has a row. */
  has(from: Int32Array, at: number): boolean {
    return (this.#slots[this.#slotOf(from, at)] ?? 0) !== 0;
  }

  #isMapped(row: number): boolean {
    return this.#words[row * 4] === 0 && this.#words[row * 4 + 1] === 0;
  }

  /** The slot that holds the address, or the free one where it belongs. */
  #slotOf(from: Int32Array, at: number): number {
    const first = from[at] ?? 0;
    const second = from[at + 1] ?? 0;
    const third = from[at + 2] ?? 0;
    const fourth = from[at + 3] ?? 0;
    const hash = mixHash(mixHash(mixHash(mixHash(HASH_SEED, first), second), third), fourth);
    const words = this.#words;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = finishHash(hash) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return slot;
      const start = row * 4;
      if (words[start + 3] !== fourth || words[start + 2] !== third) continue;
      if (words[start + 1] === second && words[start] === first) return slot;
    }
  }

  #append(slot: number, ...address: [number, number, number, number]): number {
    const row = this.#count;
    this.#count += 1;
    this.#slots[slot] = row + 1;
    this.#words.set(address, row * 4);
    if (this.#count * 4 === this.#words.length) this.#grow();
    return row;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#slots = new Int32Array(words.length / 2);
    for (let row = 0; row < this.#count; row += 1) this.#slots[this.#slotOf(words, row * 4)] = row + 1;
  }
}
