// A file on disk as bytes of a dump: read in chunks, so that its size does not matter.
import { closeSync, readSync } from 'node:fs';
import type { ByteSource } from '../../dumps/byte-source.ts';

export class FileSource implements ByteSource {
  readonly #descriptor: number;
  #at = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  read(into: Uint8Array, offset: number): number {
    const count = readSync(this.#descriptor, into, offset, into.length - offset, this.#at);
    this.#at += count;
    return count;
  }

  rewind(): void {
    this.#at = 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
