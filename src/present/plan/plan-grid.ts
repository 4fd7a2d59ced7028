// The columns of a plan's tables: a title that wraps, then capacity and losses, the same for remedies and what-ifs.
import type { Effect, Plan } from '../../core/advice/plan.ts';
import type { Line } from '../line.ts';
import type { Tone } from '../palette.ts';
import { capacityText, lostCell, shortFactor } from './plan-words.ts';
import type { Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';

/** Columns before the title: rank, mark. */
export const TITLE_INDENT = 5;

const NARROWEST_TITLE = 12;
const WIDEST_TITLE = 56;

export interface GridRow {
  /** At most four characters before the title: `1 \u2713`. */
  readonly lead: string;
  readonly tone?: Tone;
  readonly title: string;
  /** Undefined: no figures, for what is not possible. */
  readonly effect?: Effect;
}

export interface Grid {
  readonly plan: Plan;
  readonly widths: readonly number[];
  readonly titleWidth: number;
  readonly style: Style;
}

/** Column widths that fit all rows. */
export function gridOf(plan: Plan, rows: readonly GridRow[], style: Style): Grid {
  const cells = [headings(plan), ...rows.map(({ effect }) => figures(effect, plan))];
  const widths = headings(plan).map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const room = style.width - TITLE_INDENT - widths.reduce((total, width) => total + width + 2, 0);
  const wanted = Math.max(...rows.map(({ title }) => title.length), NARROWEST_TITLE);
  return { plan, widths, titleWidth: Math.max(NARROWEST_TITLE, Math.min(room, wanted, WIDEST_TITLE)), style };
}

/** The heading of the columns. */
export function headingLine(title: string, grid: Grid): Line {
  return {
    text: `${' '.repeat(TITLE_INDENT)}${title.padEnd(grid.titleWidth)}${cellsText(headings(grid.plan), grid)}`,
    tone: 'faint',
  };
}

/** A row; its title may take several lines, the figures stand in the first. */
export function rowLines({ lead, tone, title, effect }: GridRow, grid: Grid): Line[] {
  const lines = wrapText(title, { width: grid.titleWidth });
  return lines.map((text, index) => {
    if (index > 0) return { text: ' '.repeat(TITLE_INDENT) + text };
    const line = `${lead.padEnd(TITLE_INDENT)}${text.padEnd(grid.titleWidth)}${cellsText(figures(effect, grid.plan), grid)}`;
    return tone === undefined ? { text: line } : { text: line, tone, tonedCharacters: lead.length };
  });
}

/** Where the goal is at today's load, both chances are the same one. */
function headings({ goal }: Plan): string[] {
  return goal.loadFactor === 1 ? ['CAPACITY', 'LOST'] : ['CAPACITY', 'LOST TODAY', `LOST AT ${shortFactor(goal)}`];
}

function figures(effect: Effect | undefined, plan: Plan): string[] {
  const cells =
    effect === undefined
      ? ['-', '-', '-']
      : [capacityText(effect), lostCell(effect.dropToday), lostCell(effect.dropAtGoal)];
  return cells.slice(0, headings(plan).length);
}

function cellsText(cells: readonly string[], { widths }: Grid): string {
  return cells.map((cell, index) => `  ${cell.padEnd(widths[index] ?? 0)}`).join('');
}
