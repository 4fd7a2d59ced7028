// Room for many datagrams of one recvmmsg call: a slot each, side by side in one buffer. One system call for 64 events costs
// less than 64 calls.
import { addressOf } from './libc.ts';

/** A conntrack event has 150 to 500 bytes; one that does not fit is cut by the kernel, which says so (MSG_TRUNC). */
export const SLOT_BYTES = 2048;
const SLOTS = 64;

// struct mmsghdr and struct iovec of a 64-bit libc: 64 and 16 bytes.
const HEADER_WORDS = 16;
const IOVEC_WORDS = 4;
// Places in words of 4 bytes; pointers and sizes take two.
const IOVEC_POINTER = 4;
const IOVEC_COUNT = 6;
const FLAGS = 12;
const LENGTH = 14;
const MSG_TRUNC = 0x20;

export class ReceiveBatch {
  /** The slots, SLOT_BYTES each. */
  readonly bytes = new Uint8Array(SLOTS * SLOT_BYTES);
  /** struct mmsghdr of each slot. */
  readonly headers = new Uint8Array(SLOTS * HEADER_WORDS * 4);
  readonly slots = SLOTS;
  readonly #iovecBytes = new Uint8Array(SLOTS * IOVEC_WORDS * 4);
  readonly #iovecs = new Uint32Array(this.#iovecBytes.buffer);
  readonly #words = new Uint32Array(this.headers.buffer);

  /**
   * Writes the addresses of all parts, for the one call that follows at once: none is kept from call to call, and this object
   * holds every part while it runs.
   */
  prepare(): void {
    // Addresses have 47 or 48 bits, so a number holds one; a BigInt for each slot would be an object for each slot.
    const bytes = Number(addressOf(this.bytes));
    const iovecs = Number(addressOf(this.#iovecBytes));
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const word = slot * IOVEC_WORDS;
      setPointer(this.#iovecs, word, bytes + slot * SLOT_BYTES);
      this.#iovecs[word + 2] = SLOT_BYTES;
      setPointer(this.#words, slot * HEADER_WORDS + IOVEC_POINTER, iovecs + word * 4);
      this.#words[slot * HEADER_WORDS + IOVEC_COUNT] = 1;
    }
  }

  /** Forgets the addresses, once the call is over. */
  release(): void {
    this.#iovecs.fill(0);
    this.#words.fill(0);
  }

  /** Bytes of the datagram in a slot. */
  lengthOf(slot: number): number {
    return this.#words[slot * HEADER_WORDS + LENGTH] ?? 0;
  }

  /** Whether the kernel cut the datagram short. */
  isCut(slot: number): boolean {
    return ((this.#words[slot * HEADER_WORDS + FLAGS] ?? 0) & MSG_TRUNC) !== 0;
  }
}

/** A 64-bit pointer, little endian. */
function setPointer(words: Uint32Array, at: number, address: number): void {
  words[at] = address >>> 0;
  words[at + 1] = address / 2 ** 32;
}
