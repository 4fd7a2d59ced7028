// The first screen of a cluster followed by what each row rests on: findings of the worst nodes, every layer that decides, every gap.
import type { ClusterDiagnosis, NodeAnswer } from '../../core/analysis/cluster-diagnosis.ts';
import { formatClaimInRange } from '../claim-text.ts';
import { holderEvidence } from '../holder-text.ts';
import { type Line, paintLines } from '../line.ts';
import { formatNodeRange } from '../node-range-text.ts';
import { formatCount } from '../number-text.ts';
import { usedPorts } from '../port-space-text.ts';
import { sentenceWithNumbers } from '../quantity-text.ts';
import { commandText, type Style } from '../style.ts';
import { verdictLabel } from '../words.ts';
import { wrapText } from '../wrap-text.ts';
import { clusterAnswerLines, type ClusterTableOptions, nextLines } from './cluster-diagnosis-table.ts';
import { chooseClusterRows } from './cluster-rows.ts';
import { clusterGapText } from './cluster-words.ts';
import { remoteText } from './node-row.ts';

export function formatClusterExplained(diagnosis: ClusterDiagnosis, options: ClusterTableOptions): string {
  const { style, top } = options;
  const { nodes, claims, gaps, masquerader } = diagnosis;
  const read = nodes.filter((answer) => 'summary' in answer).length;
  const { shown } = chooseClusterRows(nodes, top);
  const lines = [
    ...clusterAnswerLines(diagnosis, options),
    ...shown.flatMap(({ answer }) => bullets(answer.node, evidenceOf(answer, style), style)),
    ...bullets('Who translates egress', [`${masquerader.by}: ${masquerader.evidence}`], style),
    ...bullets(
      'Ports that others claim inside a range',
      claims.map(
        (claim) => `${formatClaimInRange(claim)} (seen in ${claim.claim.source}, ${formatCount(claim.nodes, 'node')})`,
      ),
      style,
    ),
    ...bullets(
      'Not seen',
      gaps.map(({ gap, nodes: where }) => {
        const remedy = gap.remedy === undefined ? '' : `; to see it: ${commandText(gap.remedy, style)}`;
        return `${clusterGapText({ gap, nodes: where }, read)}; weakens ${gap.weakens}${remedy}`;
      }),
      style,
    ),
    { text: '' },
    ...nextLines(diagnosis, style),
  ];
  return paintLines(lines, style.palette);
}

function evidenceOf(answer: NodeAnswer, style: Style): string[] {
  if (!('summary' in answer))
    return [
      `not read: ${answer.why}`,
      ...(answer.remedy === undefined ? [] : [`what helps: ${commandText(answer.remedy, style)}`]),
    ];
  const { summary } = answer;
  return [
    ...rangeEvidence(answer),
    ...summary.findings
      .filter(({ severity }) => severity !== 'ok')
      .map((finding) => `${verdictLabel(finding.check)}: ${sentenceWithNumbers(finding)}`),
    ...summary.portSpaces.flatMap((space) =>
      space.severity === 'ok'
        ? []
        : [`${remoteText(space)}, ${usedPorts(space)}: ${space.findings[0]?.sentence ?? ''}`, ...holderEvidence(space)],
    ),
  ];
}

function rangeEvidence({ configured }: NodeAnswer): string[] {
  const ruling = configured?.layers.find(({ role }) => role === 'rules');
  if (configured === undefined || ruling === undefined) return [];
  return [`configured range ${formatNodeRange(configured.range)}, set by ${ruling.place} (${ruling.why})`];
}

function bullets(title: string, items: readonly string[], style: Style): Line[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) => wrapText(item, { width: style.width, first: '  - ' }));
  return [{ text: '' }, { text: title, tone: 'strong' }, ...lines.map((text) => ({ text }))];
}
