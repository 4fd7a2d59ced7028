// A cluster's diagnosis to paste into an issue or a chat: short, complete enough to answer from, no colour.
import type { ClusterDiagnosis } from '../../core/analysis/cluster-diagnosis.ts';
import { formatCount } from '../number-text.ts';
import { escapeMarkdown } from '../markdown-text.ts';
import { commandText, type Style } from '../style.ts';
import { chooseClusterRows } from './cluster-rows.ts';
import { claimTexts, clusterGapText, clusterWords, countsText } from './cluster-words.ts';
import { nodeRow } from './node-row.ts';

const ROWS = 30;
const CLAIMS = 8;
const COLUMNS = ['Node', 'Range', 'Worst port space', 'Used', 'Next lost', 'Top workload', 'Verdict'];

export function formatClusterMarkdown(diagnosis: ClusterDiagnosis, style: Style): string {
  const { shown, cut } = chooseClusterRows(diagnosis.nodes, ROWS);
  const read = diagnosis.nodes.filter((answer) => 'summary' in answer).length;
  const rows = shown.map(({ answer, also }) => {
    const { node, range, space, used, lost, workload, verdict } = nodeRow(answer, also.length);
    return [node, range, space, used, lost, workload, verdict].map(escapeMarkdown);
  });
  const table = [COLUMNS, COLUMNS.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const { hurting, harmless } = claimTexts(diagnosis.claims, CLAIMS);
  const [next = ''] = diagnosis.next;
  const blocks = [
    `### SNAT ports of cluster ${escapeMarkdown(diagnosis.cluster)}: ${diagnosis.severity}`,
    `${diagnosis.at}, ${escapeMarkdown([countsText(diagnosis), ...clusterWords(diagnosis)].join('; '))}`,
    diagnosis.limitedTo === undefined ? '' : `Only port spaces of pods of ${escapeMarkdown(diagnosis.limitedTo)}.`,
    rows.length === 0 ? '' : table,
    cut.length === 0 ? '' : `${formatCount(cut.length, 'more node')}.`,
    list([
      ...hurting.map((text) => `Hurts: ${text}`),
      ...(harmless.length === 0 ? [] : [`Harmless claims inside a range: ${harmless.join('; ')}`]),
    ]),
    list(diagnosis.gaps.map((gap) => `Not seen: ${clusterGapText(gap, read)}; weakens ${gap.gap.weakens}`)),
    `Next: \`${commandText(next, style)}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escapeMarkdown(item)}`).join('\n');
}
