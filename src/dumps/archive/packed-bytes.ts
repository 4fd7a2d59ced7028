// Bytes of a text that comes once and is read later: what is long is kept compressed, block by block, since tables and rules repeat
// themselves. Deflate at its fastest costs less than the reading of the text.
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../byte-source.ts';

const BLOCK_BYTES = 2 ** 20;
const FASTEST = { level: constants.Z_BEST_SPEED, memLevel: 9 };

export class PackedBytes {
  readonly #packed: Uint8Array[] = [];
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes a copy, which `slice` of a Buffer is not: the piece may be a small part of a large one. */
  add(piece: Uint8Array): void {
    this.#pending.push(new Uint8Array(piece));
    this.#pendingBytes += piece.length;
    this.#length += piece.length;
    if (this.#pendingBytes < BLOCK_BYTES) return;
    this.#packed.push(deflateRawSync(Buffer.concat(this.#pending), FASTEST));
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** All that was added so far. */
  source(): ByteSource {
    return new PackedSource(this.#packed, Buffer.concat(this.#pending));
  }
}

class PackedSource implements ByteSource {
  readonly #packed: readonly Uint8Array[];
  readonly #tail: Uint8Array;
  #next = 0;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(packed: readonly Uint8Array[], tail: Uint8Array) {
    this.#packed = packed;
    this.#tail = tail;
  }

  read(into: Uint8Array, offset: number): number {
    let filled = offset;
    while (filled < into.length && this.#hasMore()) {
      const part = this.#block.subarray(this.#at, this.#at + into.length - filled);
      into.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return filled - offset;
  }

  rewind(): void {
    this.#next = 0;
    this.#block = new Uint8Array(0);
    this.#at = 0;
  }

  /** Opens the next block where this one is over. */
  #hasMore(): boolean {
    while (this.#at >= this.#block.length) {
      if (this.#next > this.#packed.length) return false;
      const packed = this.#packed[this.#next];
      this.#next += 1;
      this.#block = packed === undefined ? this.#tail : inflateRawSync(packed);
      this.#at = 0;
    }
    return true;
  }
}
