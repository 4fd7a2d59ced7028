// Integer hashing for open-addressing tables: fold the words of a key into one, then spread it (murmur3's constants).

/** Folds one 32-bit word into a hash. */
export function mixHash(hash: number, word: number): number {
  return Math.imul(hash, 0xcc9e2d51) ^ Math.imul(word, 0x1b873593);
}

/** Spreads a folded key over all bits, so that the low ones can be used as a slot. */
export function finishHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
