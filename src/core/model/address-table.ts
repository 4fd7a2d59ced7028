// Distinct IP addresses as rows of 16 bytes, found by their four 32-bit words (words as they lie in memory, network order).
// IPv4 is ::ffff:a.b.c.d and has slots of its own, so that its one word finds it. No object and no text per address.
import { finishHash, mixHash } from './integer-hash.ts';

/** The third word of an IPv4-mapped address: bytes 00 00 ff ff, whatever this machine's byte order. */
export const MAPPED_WORD = new Int32Array(Uint8Array.of(0, 0, 0xff, 0xff).buffer)[0] ?? 0;

/** A growing set of addresses; a row, once given, never changes. */
export class AddressTable {
  #count = 0;
  #words = new Int32Array(64 * 4);
  /** An address word and its row + 1 for each slot, 0 for none: one cache line a look-up. Four times as many as rows fit. */
  #ipv4Slots = new Int32Array(64 * 4 * 2);
  /** Row + 1 for each slot, 0 for none; twice as many slots as rows fit. */
  #ipv6Slots = new Int32Array(128);

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** All rows, 16 bytes each; capacity may exceed the count. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer);
  }

  /** The same as words, four a row. */
  get words(): Int32Array {
    return this.#words;
  }

  /** Bytes of all that it holds. */
  get memoryBytes(): number {
    return this.#words.byteLength + this.#ipv4Slots.byteLength + this.#ipv6Slots.byteLength;
  }

  /** The row of an IPv4 address, added when new. Runs several times for every flow, so the search is written out. */
  rowOfIpv4(word: number): number {
    const slots = this.#ipv4Slots;
    const mask = slots.length - 1;
    for (let slot = hashIpv4(word) & mask; ; slot = (slot + 2) & mask) {
      const row = (slots[slot + 1] ?? 0) - 1;
      if (row < 0) return this.#appendIpv4(slot, word);
      if (slots[slot] === word) return row;
    }
  }

  /** Whether the IPv4 address has a row. */
  hasIpv4(word: number): boolean {
    return this.#ipv4Slots[this.#ipv4SlotOf(word) + 1] !== 0;
  }

  /** The row of the address whose four words start at `at`, added when new. */
  rowOf(from: Int32Array, at: number): number {
    if (isMapped(from, at)) return this.rowOfIpv4(from[at + 3] ?? 0);
    const slot = this.#ipv6SlotOf(from, at);
    const row = (this.#ipv6Slots[slot] ?? 0) - 1;
    if (row >= 0) return row;
    this.#ipv6Slots[slot] = this.#count + 1;
    return this.#append(from.subarray(at, at + 4));
  }

  /** Whether the address whose four words start at `at` has a row. */
  has(from: Int32Array, at: number): boolean {
    if (isMapped(from, at)) return this.hasIpv4(from[at + 3] ?? 0);
    return this.#ipv6Slots[this.#ipv6SlotOf(from, at)] !== 0;
  }

  /** The slot that holds the address, or the free one where it belongs. */
  #ipv4SlotOf(word: number): number {
    const slots = this.#ipv4Slots;
    const mask = slots.length - 1;
    for (let slot = hashIpv4(word) & mask; ; slot = (slot + 2) & mask) {
      if (slots[slot + 1] === 0 || slots[slot] === word) return slot;
    }
  }

  /** The same for an IPv6 address. */
  #ipv6SlotOf(from: Int32Array, at: number): number {
    const first = from[at] ?? 0;
    const second = from[at + 1] ?? 0;
    const third = from[at + 2] ?? 0;
    const fourth = from[at + 3] ?? 0;
    const hash = mixHash(mixHash(mixHash(first, second), third), fourth);
    const words = this.#words;
    const slots = this.#ipv6Slots;
    const mask = slots.length - 1;
    for (let slot = finishHash(hash) & mask; ; slot = (slot + 1) & mask) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return slot;
      const start = row * 4;
      if (words[start + 3] !== fourth || words[start + 2] !== third) continue;
      if (words[start + 1] === second && words[start] === first) return slot;
    }
  }

  #appendIpv4(slot: number, word: number): number {
    this.#setIpv4Slot(slot, word, this.#count);
    return this.#append(Int32Array.of(0, 0, MAPPED_WORD, word));
  }

  #setIpv4Slot(slot: number, word: number, row: number): void {
    this.#ipv4Slots[slot] = word;
    this.#ipv4Slots[slot + 1] = row + 1;
  }

  #append(address: Int32Array): number {
    const row = this.#count;
    this.#count += 1;
    this.#words.set(address, row * 4);
    if (this.#count * 4 === this.#words.length) this.#grow();
    return row;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#ipv4Slots = new Int32Array(words.length * 2);
    this.#ipv6Slots = new Int32Array(words.length / 2);
    for (let row = 0; row < this.#count; row += 1) {
      const word = words[row * 4 + 3] ?? 0;
      if (isMapped(words, row * 4)) this.#setIpv4Slot(this.#ipv4SlotOf(word), word, row);
      else this.#ipv6Slots[this.#ipv6SlotOf(words, row * 4)] = row + 1;
    }
  }
}

/** Even, since slots are pairs. */
function hashIpv4(word: number): number {
  const mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) << 1;
}

function isMapped(words: Int32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === MAPPED_WORD;
}
