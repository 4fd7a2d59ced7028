// Bytes of one dump, read in order as often as needed: a file, or what came through a pipe.

export interface ByteSource {
  /** Fills `into` from `offset` on. @returns how many bytes came; 0 at the end. */
  read(into: Uint8Array, offset: number): number;
  /** Begins again. */
  rewind(): void;
}
