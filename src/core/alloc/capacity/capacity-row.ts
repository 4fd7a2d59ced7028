// The rows of the capacity table: what was simulated for one range size, and the values between two sizes.

/** Drop probabilities of the columns, ascending. */
export const COLUMN_DROPS = [1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.2, 0.5] as const;

/** Range size, then the flows that fit at each of COLUMN_DROPS. */
export type CapacityRow = readonly [size: number, ...flows: number[]];

/** Flows at each of COLUMN_DROPS for any size: linear between the two nearest rows, in proportion beyond them. */
export function interpolateRows(rows: readonly CapacityRow[], size: number): readonly number[] {
  const above = rows[rowAtLeast(rows, size)];
  const below = rows[rowAtLeast(rows, size) - 1];
  if (above === undefined || below === undefined) return scaled(above ?? rows.at(-1), size);
  const weight = (size - below[0]) / (above[0] - below[0]);
  return COLUMN_DROPS.map((_, column) => {
    const left = below[column + 1] ?? 0;
    return left + weight * ((above[column + 1] ?? 0) - left);
  });
}

function scaled(row: CapacityRow | undefined, size: number): readonly number[] {
  return COLUMN_DROPS.map((_, column) => ((row?.[column + 1] ?? 0) * size) / (row?.[0] ?? 1));
}

/** Index of the first row of at least this size. */
function rowAtLeast(rows: readonly CapacityRow[], size: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.[0] ?? 0) < size) low = middle + 1;
    else high = middle;
  }
  return low;
}
