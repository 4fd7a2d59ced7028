// A plan as one screen: the goal, today, what-ifs, the remedies best first, what to do, the next command.
import type { Plan } from '../../core/advice/plan.ts';
import { type Line, paintLines } from '../line.ts';
import { formatCount } from '../number-text.ts';
import { type GridRow, gridOf, headingLine, rowLines, TITLE_INDENT } from './plan-grid.ts';
import { remedyLines, remedyRow } from './plan-remedies.ts';
import { capacityMeaning, goalSentence, severityOf, todaySegments } from './plan-words.ts';
import { commandText, type Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';

const GAPS_SHOWN = 3;
const ASSUMPTIONS_SHOWN = 3;

export interface PlanTableOptions {
  readonly style: Style;
  /** Path of the file it was saved in. */
  readonly savedAs?: string;
}

/** The plan as text. */
export function formatPlanTable(plan: Plan, options: PlanTableOptions): string {
  const { style } = options;
  return paintLines([...planLines(plan, style), ...closingLines(plan, options)], style.palette);
}

/** Goal, today, what-ifs and remedies, without what follows them. */
export function planLines(plan: Plan, style: Style): Line[] {
  const grid = gridOf(
    plan,
    [...plan.remedies.map((remedy) => remedyRow(remedy, plan, style)), ...whatIfRows(plan)],
    style,
  );
  const whatIfs = plan.whatIfs.length === 0 ? [] : [headingLine('WHAT IF', grid)];
  return [
    ...goalLines(plan, style),
    ...sentence(todaySegments(plan).join(' '), style),
    ...assumptionLines(plan, style),
    { text: '' },
    ...whatIfs,
    ...whatIfRows(plan).flatMap((row, index) => [
      ...rowLines(row, grid),
      ...(plan.whatIfs[index - 1]?.notes ?? []).flatMap((note) => indented(note, style)),
    ]),
    ...(whatIfs.length === 0 ? [] : [{ text: '' }]),
    headingLine('REMEDY', grid),
    ...remedyLines(plan.remedies, grid),
    { text: '' },
    ...marksLines(plan, style),
    ...sentence(`${capacityMeaning(plan)}.`, style),
  ];
}

/** Only the word `Goal:` stands out, not the beginning of the line that continues it. */
function goalLines(plan: Plan, style: Style): Line[] {
  return sentence(goalSentence(plan), style).map((line, index) =>
    index === 0 ? { ...line, tone: 'strong', tonedCharacters: 'Goal:'.length } : line,
  );
}

/** The conclusion, what was not seen, and what to type next. */
export function closingLines(plan: Plan, { style, savedAs }: PlanTableOptions): Line[] {
  return [
    ...gapLines(plan, style),
    { text: '' },
    ...sentence(plan.conclusion, style).map((line): Line => ({ ...line, tone: 'strong' })),
    { text: '' },
    ...(savedAs === undefined ? [] : [{ text: `Saved: ${savedAs}` }]),
    { text: `Next: ${commandText(plan.next, style)}`, tone: 'strong' },
  ];
}

/** Today stands above what is compared with it. */
function whatIfRows({ whatIfs, today }: Plan): GridRow[] {
  if (whatIfs.length === 0) return [];
  return [
    { lead: '', title: 'today', effect: today },
    ...whatIfs.map(({ title, effect }) => ({ lead: '', title, effect })),
  ];
}

function marksLines(plan: Plan, style: Style): Line[] {
  const marks = plan.remedies.filter(({ rank }) => rank !== undefined).map((remedy) => severityOf(remedy, plan));
  const parts = [
    ...(marks.includes('ok') ? [`${style.symbols.ok} reaches the goal`] : []),
    ...(marks.includes('warning') ? [`${style.symbols.warning} helps, but may not reach it by itself`] : []),
  ];
  return parts.length === 0 ? [] : sentence(parts.join(', '), style);
}

function assumptionLines({ situation: { assumptions } }: Plan, style: Style): Line[] {
  const rest = assumptions.length - ASSUMPTIONS_SHOWN;
  const shown = assumptions.slice(0, ASSUMPTIONS_SHOWN);
  if (shown.length === 0) return [];
  const more = rest > 0 ? ` (and ${formatCount(rest, 'more')}: --explain)`.replace('mores', 'more') : '';
  return sentence(`Taken to be so: ${shown.map((text) => text.replace(/\.$/, '')).join('; ')}${more}`, style);
}

function gapLines({ gaps }: Plan, style: Style): Line[] {
  const shown = gaps.slice(0, GAPS_SHOWN);
  const rest = gaps.length - shown.length;
  return [
    ...shown.flatMap((gap) => sentence(`Not seen: ${gap.what} (${gap.why}); weakens ${gap.weakens}`, style)),
    ...(rest > 0 ? sentence(`Not seen: ${rest} more (--explain lists them)`, style) : []),
  ];
}

function sentence(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, indent: 2 }).map((line) => ({ text: line }));
}

function indented(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, first: ' '.repeat(TITLE_INDENT), indent: TITLE_INDENT + 2 }).map(
    (line) => ({
      text: line,
    }),
  );
}
