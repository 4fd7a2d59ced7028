// A comparison to paste into an issue or a chat.
import type { Comparison } from '../../core/analysis/compare/comparison.ts';
import { figureChanges, nodeChangeText, spaceName, TREND_LABELS, verdictChange } from './comparison-words.ts';

/** The comparison as GitHub-flavoured Markdown. */
export function formatComparisonMarkdown(comparison: Comparison): string {
  const { before, after, portSpaces, node, conclusion } = comparison;
  const rows = portSpaces
    .filter(({ trend }) => trend !== 'same')
    .map((space) => [
      TREND_LABELS[space.trend].toLowerCase(),
      spaceName(space),
      verdictChange(space),
      ...figureChanges(space)
        .slice(0, 2)
        .map(({ text }) => text),
      figureChanges(space).at(-1)?.text ?? '',
    ]);
  const blocks = [
    `### SNAT ports of ${escapeMarkdown(after.node)}: ${before.at} and ${after.at}`,
    markdownTable(['', 'Port space', 'Verdict', 'Ports used', 'Next lost', 'Who'], rows),
    node
      .map((change) => `- ${TREND_LABELS[change.trend].toLowerCase()}: ${escapeMarkdown(nodeChangeText(change))}`)
      .join('\n'),
    `**${escapeMarkdown(conclusion)}**`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [header, header.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Keeps pipes, backticks, angle brackets and stars from becoming Markdown; the arrow stays readable. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[|`*<>]/g, (character) => `\\${character}`);
}
