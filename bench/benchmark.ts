// What a benchmark is and what it reports: ratios and figures with the goal beside them.

/** One line of the report. */
export interface Measure {
  readonly what: string;
  readonly value: number;
  /** `x` for a ratio, else `ms`, `MB`, `us`. */
  readonly unit: string;
  /** Undefined: for information. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** The figures behind a ratio. */
  readonly detail?: string;
}

/** Measures of one situation. */
export interface Report {
  readonly title: string;
  readonly measures: readonly Measure[];
  /** What could not be measured and why. */
  readonly notes?: readonly string[];
}

export interface BenchOptions {
  /** Smaller sizes and fewer rounds. */
  readonly quick: boolean;
  /** Also write the page of the documentation that holds the figures. */
  readonly write?: boolean;
}

/** One program to compare; `run` may yield several reports, printed as they come. */
export interface Benchmark {
  readonly name: string;
  run(options: BenchOptions): AsyncIterable<Report>;
}

/** Whether a measure meets its goal; undefined without one. */
export function isMet(measure: Measure): boolean | undefined {
  if (measure.goal === undefined) return undefined;
  return 'atMost' in measure.goal ? measure.value <= measure.goal.atMost : measure.value >= measure.goal.atLeast;
}

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
