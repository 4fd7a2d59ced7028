// Integer hashing for open-addressing tables: one round per 32-bit word, one finish per key (murmur3's constants).

/** Where every hash starts. */
export const HASH_SEED = 0x2545f491;

/** Folds one 32-bit word into a hash. */
export function mixHash(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0xcc9e2d51);
  return mixed ^ (mixed >>> 15);
}

/** Spreads the last word over all bits, so that the low ones can be used as a slot. */
export function finishHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
