// The table of a place: its columns, its rows in order, each row's cells made only when it is shown.
import type { Severity } from '../../core/analysis/finding.ts';
import type { TopPlace } from './top-place.ts';

export interface TopColumn {
  readonly title: string;
  /** Columns it takes; the first column takes what is left. */
  readonly width: number;
  readonly isRight?: boolean;
}

export interface TopRow {
  /** The same thing has the same key in every look. */
  readonly key: string;
  /** What the filter looks at, in lower case. */
  readonly text: string;
  readonly severity?: Severity | undefined;
  /** Where Enter leads. */
  readonly opens?: TopPlace;
  /** One per column, in their order. */
  readonly cells: () => readonly string[];
}

export interface TopTable {
  /** What the rows are: `port space`. */
  readonly noun: string;
  /** Most important first: a narrow terminal shows the first few. */
  readonly columns: readonly TopColumn[];
  readonly rows: readonly TopRow[];
  /** How many there are without the filter. */
  readonly total: number;
  /** How many more exist than are listed. */
  readonly unlisted: number;
  readonly sort: string;
}

/** One order of rows and its name. */
export interface TopSort<Item> {
  readonly name: string;
  readonly compare: (left: Item, right: Item) => number;
}

/** The rows of a table: sorted, made, filtered. */
export function arrange<Item>(
  items: readonly Item[],
  options: {
    readonly sorts: readonly TopSort<Item>[];
    readonly sort: number;
    readonly filter: string;
    readonly row: (item: Item) => TopRow;
  },
): Pick<TopTable, 'rows' | 'total' | 'sort'> {
  const { sorts, filter } = options;
  const sort = sorts[options.sort % sorts.length];
  const sorted = sort === undefined ? items : items.toSorted(sort.compare);
  const wanted = filter.toLowerCase();
  const rows = sorted.map(options.row).filter(({ text }) => text.includes(wanted));
  return { rows, total: items.length, sort: sort?.name ?? '' };
}

/** Larger figures first; what is not known last. */
export function descending(left: number | undefined, right: number | undefined): number {
  return (right ?? -1) - (left ?? -1);
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** Alphabetical, numbers by their value. */
export function byText(left: string, right: string): number {
  return COLLATOR.compare(left, right);
}
