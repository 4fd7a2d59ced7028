// A comparison of clusters to paste into an issue or a chat.
import type { ClusterComparison } from '../../core/analysis/compare/cluster-comparison.ts';
import { changeText, clusterLookText, SOLE_LABELS, soleText } from './cluster-comparison-words.ts';
import { escapeMarkdown, markdownTable } from './comparison-markdown.ts';
import { TREND_LABELS } from './comparison-words.ts';

/** The comparison as GitHub-flavoured Markdown. */
export function formatClusterComparisonMarkdown(clusters: ClusterComparison): string {
  const { nodes, soleNodes, conclusion } = clusters;
  const rows = [
    ...nodes
      .filter(({ trend }) => trend !== 'same')
      .map((node) => [TREND_LABELS[node.trend].toLowerCase(), node.node, changeText(node)]),
    ...soleNodes.map((sole) => [SOLE_LABELS[sole.kind].toLowerCase(), sole.node, soleText(sole)]),
  ];
  const blocks = [
    `### SNAT ports of ${escapeMarkdown(clusterLookText(clusters))}`,
    markdownTable(['', 'Node', 'What changed'], rows),
    `**${escapeMarkdown(conclusion)}**`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
