// Words in bytes by a sum over their letters, for tables of known words: no string is made to look one up.

/** The sum of the bytes between two places. */
export function wordSum(bytes: Uint8Array, start: number, stop: number): number {
  let sum = 0;
  for (let at = start; at < stop; at += 1) sum = (Math.imul(sum, 31) + (bytes[at] ?? 0)) | 0;
  return sum;
}

/** A table by the sums of its words. Errors: RangeError when two words share a sum. */
export function wordTable<Value>(words: Readonly<Record<string, Value>>): ReadonlyMap<number, Value> {
  const table = new Map<number, Value>();
  for (const [word, value] of Object.entries(words)) {
    let sum = 0;
    for (let at = 0; at < word.length; at += 1) sum = (Math.imul(sum, 31) + word.charCodeAt(at)) | 0;
    if (table.has(sum)) throw new RangeError(`Cannot tell ${word} from another word by its sum`);
    table.set(sum, value);
  }
  return table;
}
