// A table of plain text: columns as wide as their widest cell, two columns apart, no trailing space.

export interface ColumnOptions {
  /** Columns whose cells are pushed to the right, by index. */
  readonly right?: readonly number[];
  /** Columns of indentation before each row. */
  readonly indent?: number;
}

/** One line per row; rows may be shorter than the first. */
export function layoutColumns(rows: readonly (readonly string[])[], options: ColumnOptions = {}): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const indent = ' '.repeat(options.indent ?? 0);
  return rows.map((row) =>
    (
      indent +
      row.map((cell, index) => pad(cell, widths[index] ?? 0, options.right?.includes(index) ?? false)).join('  ')
    ).trimEnd(),
  );
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}
