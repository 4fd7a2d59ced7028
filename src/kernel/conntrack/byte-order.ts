// Big-endian values out of the little-endian 32-bit words they were read as.

/** The big-endian 16 bits in the first two bytes of a word. */
export function be16(word: number): number {
  return ((word & 0xff) << 8) | ((word >>> 8) & 0xff);
}

/** The big-endian 32 bits of a word, signed: unsigned columns store the same bits. Two rotations. */
export function be32(word: number): number {
  return (((word << 8) | (word >>> 24)) & 0x00ff00ff) | (((word << 24) | (word >>> 8)) & 0xff00ff00);
}
