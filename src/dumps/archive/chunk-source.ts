// Bytes of one member of an archive, in the pieces they came in.
import type { ByteSource } from '../byte-source.ts';

export class ChunkSource implements ByteSource {
  readonly #chunks: readonly Uint8Array[];
  #chunk = 0;
  #at = 0;

  constructor(chunks: readonly Uint8Array[]) {
    this.#chunks = chunks;
  }

  read(into: Uint8Array, offset: number): number {
    let filled = offset;
    while (filled < into.length && this.#chunk < this.#chunks.length) {
      const chunk = this.#chunks[this.#chunk] ?? new Uint8Array(0);
      const part = chunk.subarray(this.#at, this.#at + into.length - filled);
      into.set(part, filled);
      filled += part.length;
      this.#at += part.length;
      if (this.#at >= chunk.length) [this.#chunk, this.#at] = [this.#chunk + 1, 0];
    }
    return filled - offset;
  }

  rewind(): void {
    [this.#chunk, this.#at] = [0, 0];
  }
}
