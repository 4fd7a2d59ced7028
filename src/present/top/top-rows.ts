// The table of the live view as lines: columns that fit, the rows around the chosen one, the chosen one marked.
import type { Style } from '../style.ts';
import { type FrameLine, type Span, clipText, lineOf } from './frame-line.ts';
import type { TopState } from './top-state.ts';
import type { TopColumn, TopRow } from './top-table.ts';

export interface RowsOptions {
  readonly columns: number;
  /** Lines to fill, the titles included. */
  readonly height: number;
  readonly style: Style;
  /** Whether the chosen row is marked. */
  readonly hasCursor: boolean;
}

const GAP = 2;
/** `> ✗ ` before the first column. */
const MARGIN = 4;

/** Which rows are shown: the first, and one past the last. */
export function shownRows(state: TopState, height: number): { readonly first: number; readonly end: number } {
  const room = Math.max(0, height - 1);
  const count = state.table.rows.length;
  const first = Math.max(0, Math.min(state.screen.index - (room >> 1), count - room));
  return { first, end: Math.min(count, first + room) };
}

export function tableLines(state: TopState, options: RowsOptions): readonly FrameLine[] {
  const columns = fitColumns(state.table.columns, options.columns - MARGIN);
  const { first, end } = shownRows(state, options.height);
  const titles = columns.map((column) => cell(column.title, column, options.style)).join(' '.repeat(GAP));
  const rows = state.table.rows
    .slice(first, end)
    .map((row, index) =>
      rowLine(row, { columns, options, isChosen: options.hasCursor && first + index === state.screen.index }),
    );
  return [lineOf(`${' '.repeat(MARGIN)}${titles}`, 'faint'), ...rows];
}

/** As many as fit, in order of importance; what is left goes to the first. */
function fitColumns(columns: readonly TopColumn[], room: number): readonly TopColumn[] {
  const [first, ...others] = columns;
  if (first === undefined) return [];
  let left = room - first.width;
  const fitting: TopColumn[] = [];
  for (const column of others) {
    if (column.width + GAP > left) break;
    left -= column.width + GAP;
    fitting.push(column);
  }
  return [{ ...first, width: first.width + Math.min(Math.max(0, left), first.width) }, ...fitting];
}

interface RowContext {
  readonly columns: readonly TopColumn[];
  readonly options: RowsOptions;
  readonly isChosen: boolean;
}

function rowLine(row: TopRow, { columns, options: { style }, isChosen }: RowContext): FrameLine {
  const mark: Span =
    row.severity === undefined ? { text: ' ' } : { text: style.symbols[row.severity], tone: row.severity };
  const cells = row.cells();
  const text = columns.map((column, index) => cell(cells[index] ?? '', column, style)).join(' '.repeat(GAP));
  return [
    { text: isChosen ? '> ' : '  ', tone: 'strong' },
    mark,
    { text: ` ${text}`, tone: isChosen ? 'strong' : undefined },
  ];
}

function cell(text: string, { width, isRight = false }: TopColumn, { symbols }: Style): string {
  const shown = clipText(text, { width, ellipsis: symbols.ellipsis });
  return isRight ? shown.padStart(width) : shown.padEnd(width);
}
