// A line over time as one row of small bars; many samples share a column, which then shows the highest of them.

export interface ChartOptions {
  /** Columns. */
  readonly width: number;
  /** Value of a full bar. */
  readonly full: number;
  /** Empty to full. */
  readonly bars: readonly string[];
}

/** The row; what is above zero never looks empty, and only what reaches `full` looks full. */
export function chartRow(values: readonly number[], { width, full, bars }: ChartOptions): string {
  return fold(values, width, (group) => Math.max(...group))
    .map((value) => bars[levelOf(value, full, bars.length - 1)] ?? '')
    .join('');
}

/** At most `columns` values, each made from the samples that fall into its column. */
export function fold(
  values: readonly number[],
  columns: number,
  join: (group: readonly number[]) => number,
): readonly number[] {
  const count = Math.min(columns, values.length);
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count);
    return join(values.slice(from, Math.max(from + 1, Math.floor(((column + 1) * values.length) / count))));
  });
}

function levelOf(value: number, full: number, top: number): number {
  if (value <= 0 || full <= 0) return 0;
  if (value >= full) return top;
  return Math.min(top - 1, Math.max(1, Math.floor((value / full) * top)));
}
