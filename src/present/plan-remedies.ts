// The remedies of a plan as a table: a row of figures each, below it what may go wrong and what to type.
import type { OpenedConflict, Plan, Remedy } from '../core/advice/plan.ts';
import { formatClaimGroup, groupClaims } from './claim-groups.ts';
import type { Line } from './line.ts';
import { formatCount } from './number-text.ts';
import { oneInN } from './one-in-n.ts';
import { type Grid, type GridRow, rowLines, TITLE_INDENT } from './plan-grid.ts';
import { rankText, severityOf } from './plan-words.ts';
import type { Style } from './style.ts';
import { flowNoun } from './words.ts';
import { wrapText } from './wrap-text.ts';

/** What stands behind a command that is cut. */
const CUT = ' ...';

export function remedyRow(remedy: Remedy, style: Style): GridRow {
  const severity = severityOf(remedy.standing);
  const mark = remedy.rank === undefined ? '' : ` ${style.symbols[severity]}`;
  const base = { lead: `${rankText(remedy)}${mark}`, tone: severity, title: remedy.title };
  return remedy.standing === 'not-possible' ? base : { ...base, effect: remedy.effect };
}

/** A row, and under it what a person must know before choosing it. */
export function remedyLines(remedy: Remedy, plan: Plan, grid: Grid): Line[] {
  return [...rowLines(remedyRow(remedy, grid.style), grid), ...notes(remedy, plan, grid.style)];
}

function notes(remedy: Remedy, plan: Plan, style: Style): Line[] {
  const [reason] = remedy.reasons;
  if (remedy.rank === undefined) return reason === undefined ? [] : note(`${labelOf(remedy)}${reason}`, style);
  const [risk] = remedy.risks;
  return [
    ...(risk === undefined ? [] : note(`risk: ${risk}`, style)),
    ...conflictText(remedy.conflicts, plan).flatMap((text) => note(text, style)),
    ...(remedy.command === undefined ? [] : [{ text: commandLine(remedy.command, style) }]),
  ];
}

/** Doing nothing explains itself. */
function labelOf({ standing, kind }: Remedy): string {
  if (standing === 'not-possible') return 'not possible: ';
  return kind === 'do-nothing' ? '' : 'not worth it: ';
}

/** Who hurts is named; who is harmless is counted. */
function conflictText(conflicts: readonly OpenedConflict[], { situation }: Plan): string[] {
  const noun = flowNoun(situation.load.protocol);
  const hurting = conflicts.filter(({ hurts }) => hurts);
  const harmless = conflicts.length - hurting.length;
  const named = groupClaims(hurting).map((group) => {
    const chance = hurting.reduce((sum, item) => sum + (group.claims.includes(item.claim) ? item.chance : 0), 0);
    return `conflict: ${formatClaimGroup(group)}; ${oneInN(chance)} new ${noun}s is hit: ${group.truth}`;
  });
  return [...named, ...(harmless === 0 ? [] : [`${formatCount(harmless, "other's port")} inside it: harmless here`])];
}

function note(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, first: ' '.repeat(TITLE_INDENT), indent: TITLE_INDENT + 2 }).map(
    (line) => ({
      text: line,
    }),
  );
}

/** The first line of the command as far as it fits: a cut one cannot be taken for a whole one. */
function commandLine(command: string, { width }: Style): string {
  const first = `${' '.repeat(TITLE_INDENT)}do: ${command.split('\n', 1)[0] ?? ''}`;
  const isWhole = !command.includes('\n') && first.length <= width;
  return isWhole ? first : `${first.slice(0, width - CUT.length).trimEnd()}${CUT}`;
}
