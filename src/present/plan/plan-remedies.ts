// The remedies of a plan as a table: a row of figures each, below it what may go wrong and what to type.
import type { Plan, Remedy } from '../../core/advice/plan.ts';
import type { Line } from '../line.ts';
import { conflictNotes } from './plan-conflicts.ts';
import { type Grid, type GridRow, rowLines, TITLE_INDENT } from './plan-grid.ts';
import { rankText, severityOf } from './plan-words.ts';
import { commandText, type Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';

/** What stands behind a command that is cut. */
const CUT = ' ...';

export function remedyRow(remedy: Remedy, plan: Plan, style: Style): GridRow {
  const severity = severityOf(remedy, plan);
  const mark = remedy.rank === undefined ? '' : ` ${style.symbols[severity]}`;
  const base = { lead: `${rankText(remedy)}${mark}`, tone: severity, title: remedy.title };
  return remedy.standing === 'not-possible' ? base : { ...base, effect: remedy.effect };
}

/** A row each, and under it what a person must know before choosing it; what is not worth it alike is said once. */
export function remedyLines(remedies: readonly Remedy[], grid: Grid): Line[] {
  return groupsOf(remedies).flatMap((group) => [
    ...group.flatMap((remedy) => rowLines(remedyRow(remedy, grid.plan, grid.style), grid)),
    ...group.slice(0, 1).flatMap((first) => notes(first, { others: group.length - 1, style: grid.style })),
  ]);
}

/** Neighbours without a rank, of one kind and for one reason, share their note. */
function groupsOf(remedies: readonly Remedy[]): readonly (readonly Remedy[])[] {
  const groups: Remedy[][] = [];
  for (const remedy of remedies) {
    const last = groups.at(-1);
    const first = last?.[0];
    const isAlike =
      remedy.rank === undefined &&
      first?.kind === remedy.kind &&
      first.standing === remedy.standing &&
      hurts(first) === hurts(remedy);
    if (isAlike) last?.push(remedy);
    else groups.push([remedy]);
  }
  return groups;
}

/** A range with ports that hurt is left out for them, not for what it buys. */
function hurts({ conflicts }: Remedy): boolean {
  return conflicts.some((conflict) => conflict.hurts);
}

interface NoteContext {
  /** Rows that share the note. */
  readonly others: number;
  readonly style: Style;
}

function notes(remedy: Remedy, { others, style }: NoteContext): Line[] {
  const [reason] = remedy.reasons;
  if (remedy.rank === undefined) {
    const more = others === 0 ? '' : ' (said of the first; each: --explain)';
    return reason === undefined ? [] : note(`${labelOf(remedy)}${reason}${more}`, style);
  }
  const [risk] = remedy.risks;
  return [
    ...(risk === undefined ? [] : note(`risk: ${risk}`, style)),
    ...conflictNotes(remedy.conflicts).flatMap((text) => note(text, style)),
    ...(remedy.command === undefined ? [] : [{ text: commandLine(remedy.command, style) }]),
  ];
}

/** Doing nothing explains itself. */
function labelOf({ standing, kind }: Remedy): string {
  if (standing === 'not-possible') return 'not possible: ';
  return kind === 'do-nothing' ? '' : 'not worth it: ';
}

function note(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, first: ' '.repeat(TITLE_INDENT), indent: TITLE_INDENT + 2 }).map(
    (line) => ({
      text: line,
    }),
  );
}

/** The first line of the command as far as it fits: a cut one cannot be taken for a whole one. */
function commandLine(typed: string, style: Style): string {
  const { width } = style;
  const command = commandText(typed, style);
  const first = `${' '.repeat(TITLE_INDENT)}$ ${command.split('\n', 1)[0] ?? ''}`;
  const isWhole = !command.includes('\n') && first.length <= width;
  return isWhole ? first : `${first.slice(0, width - CUT.length).trimEnd()}${CUT}`;
}
