// The few largest of many counts, without sorting the rest.

/** Rows with the largest counts, largest first, of equals the first; those that count nothing are left out. */
export function largestRows(
  rows: number,
  { most, countOf }: { readonly most: number; readonly countOf: (row: number) => number },
): readonly number[] {
  const best: number[] = [];
  let least = 0;
  for (let row = 0; row < rows; row += 1) {
    const count = countOf(row);
    if (count === 0 || (best.length >= most && count <= least)) continue;
    const at = best.findIndex((other) => countOf(other) < count);
    best.splice(at < 0 ? best.length : at, 0, row);
    if (best.length > most) best.pop();
    least = countOf(best.at(-1) ?? 0);
  }
  return best.slice(0, most);
}
