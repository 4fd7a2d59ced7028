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
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count);
    const until = Math.floor(((column + 1) * values.length) / count);
    return bars[levelOf(Math.max(...values.slice(from, until)), full, bars.length - 1)] ?? '';
  }).join('');
}

function levelOf(value: number, full: number, top: number): number {
  if (value <= 0 || full <= 0) return 0;
  if (value >= full) return top;
  return Math.min(top - 1, Math.max(1, Math.floor((value / full) * top)));
}
