// A plan to paste into an issue or a chat: the table, then each remedy's command and undo folded away.
import type { Effect, Plan, Remedy } from '../../core/advice/plan.ts';
import { estimatedChance } from '../../core/model/estimated-chance.ts';
import { conflictSentences } from './plan-conflicts.ts';
import {
  capacityMeaning,
  capacityText,
  goalSentence,
  rankText,
  shortFactor,
  standingText,
  todaySegments,
} from './plan-words.ts';
import { commandText, type Style } from '../style.ts';

/** The plan as GitHub-flavoured Markdown. */
export function formatPlanMarkdown(plan: Plan, style: Style): string {
  const blocks = [
    `### ${escapeMarkdown(goalSentence(plan))}`,
    `${plan.at}. ${escapeMarkdown(todaySegments(plan).join(' '))}.`,
    list(plan.situation.assumptions.map((text) => `Taken to be so: ${text}`)),
    whatIfTable(plan),
    remedyTable(plan),
    `${escapeMarkdown(capacityMeaning(plan))}.`,
    ...plan.remedies.filter(({ rank }) => rank !== undefined).map((remedy) => details(remedy, style)),
    list(plan.gaps.map((gap) => `Not seen: ${gap.what} (${gap.why}); weakens ${gap.weakens}`)),
    `**${escapeMarkdown(plan.conclusion)}** Next: \`${commandText(plan.next, style)}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function remedyTable(plan: Plan): string {
  const rows = plan.remedies.map((remedy) => [
    rankText(remedy),
    remedy.title,
    ...figures(remedy.standing === 'not-possible' ? undefined : remedy.effect, plan),
    standingText(remedy, plan),
    remedy.risks[0] ?? remedy.reasons[0] ?? '',
  ]);
  return table(['', 'Remedy', ...headings(plan), 'Worth', 'Risk or reason'], rows);
}

function whatIfTable(plan: Plan): string {
  if (plan.whatIfs.length === 0) return '';
  const rows = [
    ['today', ...figures(plan.today, plan), ''],
    ...plan.whatIfs.map(({ title, effect, notes }) => [title, ...figures(effect, plan), notes.join(' ')]),
  ];
  return table(['What if', ...headings(plan), 'Note'], rows);
}

function headings({ goal }: Plan): string[] {
  return goal.loadFactor === 1 ? ['Capacity', 'Lost'] : ['Capacity', 'Lost today', `Lost at ${shortFactor(goal)}`];
}

function figures(effect: Effect | undefined, plan: Plan): string[] {
  const cells =
    effect === undefined
      ? ['-', '-', '-']
      : [capacityText(effect), estimatedChance(effect.dropToday), estimatedChance(effect.dropAtGoal)];
  return cells.slice(0, headings(plan).length);
}

function details(remedy: Remedy, style: Style): string {
  const { rank, title, reasons, risks, conflicts, preconditions, command, undo, byHand } = remedy;
  const items = [
    ...reasons.map((text) => `because: ${text}`),
    ...risks.map((text) => `risk: ${text}`),
    ...conflictSentences(conflicts),
    ...preconditions.map((text) => `first: ${text}`),
  ];
  const here = (text: string | undefined) => (text === undefined ? undefined : commandText(text, style));
  const blocks = [
    list(items),
    ...fenced('', here(command)),
    ...fenced('Undo:', here(undo)),
    ...fenced('Or, by other programs:', byHand?.command),
    ...fenced('Its undo:', byHand?.undo),
  ].filter((block) => block !== '');
  return `<details><summary>${rank ?? '-'} ${escapeMarkdown(title)}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

/** The fence is longer than any run of backticks inside. */
function fenced(label: string, command: string | undefined): string[] {
  if (command === undefined) return [];
  const longest = Math.max(2, ...(command.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [label, `${fence}sh\n${command.replace(/\n$/, '')}\n${fence}`];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Keeps pipes, backticks, angle brackets and stars from becoming Markdown. */
function escapeMarkdown(text: string): string {
  return text.replace(/[|`*<>]/g, (character) => `\\${character}`);
}
