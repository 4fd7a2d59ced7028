// Bytes of one dump, read in order as often as needed: a file, or what came through a pipe.

export interface ByteSource {
  /** Fills `into` from `offset` on. @returns how many bytes came; 0 at the end. */
  read(into: Uint8Array, offset: number): number;
  /** Begins again. */
  rewind(): void;
}

/** Bytes that are in memory already. */
export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(into: Uint8Array, offset: number): number {
    const part = this.#bytes.subarray(this.#at, this.#at + into.length - offset);
    into.set(part, offset);
    this.#at += part.length;
    return part.length;
  }

  rewind(): void {
    this.#at = 0;
  }
}
