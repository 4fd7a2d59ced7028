// Isotonic regression: the nearest rising values, by pooling neighbours that fall.

/** The rising values nearest to those given (least squares). */
export function rising(values: readonly number[]): readonly number[] {
  const pools: { mean: number; count: number }[] = [];
  for (const value of values) {
    let pool = { mean: value, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.mean > pool.mean; last = pools.at(-1)) {
      pools.pop();
      const count = last.count + pool.count;
      pool = { mean: (last.mean * last.count + pool.mean * pool.count) / count, count };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean));
}

/** A table made to rise along rows and columns, and the largest share by which a value was moved (of `floor` if that is more), with its place. */
export function risingTable(
  table: readonly (readonly number[])[],
  floor: number,
): {
  readonly table: readonly (readonly number[])[];
  readonly moved: number;
  readonly row: number;
  readonly column: number;
} {
  let current = table;
  for (let round = 0; round < 8; round += 1) current = transpose(transpose(current.map(rising)).map(rising));
  const settled = transpose(transpose(current.map(runningMaximum)).map(runningMaximum));
  const moves = settled.flatMap((row, index) =>
    row.map((value, column) => Math.abs(value - (table[index]?.[column] ?? 0)) / Math.max(value, floor)),
  );
  const moved = Math.max(...moves);
  const width = settled[0]?.length ?? 1;
  const index = moves.indexOf(moved);
  return { table: settled, moved, row: Math.floor(index / width), column: index % width };
}

function runningMaximum(values: readonly number[]): readonly number[] {
  let highest = 0;
  return values.map((value) => (highest = Math.max(highest, value)));
}

function transpose(table: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return (table[0] ?? []).map((_, column) => table.map((row) => row[column] ?? 0));
}
