// The diagnosis to paste into an issue or a chat: short, complete enough to answer from, no colour.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { Finding } from '../core/analysis/finding.ts';
import { formatPortSpace } from '../core/model/port-space.ts';
import { protocolName } from '../core/model/protocol.ts';
import { kernelBehaviourWords } from './behaviour-text.ts';
import { formatClaimInRange } from './claim-text.ts';
import { fold, withoutQuietRows } from './choose-rows.ts';
import { confidenceText } from './diagnosis-footer.ts';
import { whoText } from './holder-text.ts';
import { formatLeftOut, type SelectedDiagnosis } from './left-out.ts';
import { formatLosses } from './loss-text.ts';
import { formatRate } from './number-text.ts';
import { escapeMarkdown } from './markdown-text.ts';
import { nextLost, usedPorts } from './port-space-text.ts';
import { sentenceWithNumbers } from './quantity-text.ts';
import { formatQuiet } from './quiet-text.ts';
import { formatRanges } from './range-text.ts';
import { formatRule } from './rule-text.ts';
import { commandText, type Style } from './style.ts';
import { verdictLabel } from './words.ts';

const SOURCES_SHOWN = 3;

/** The diagnosis as GitHub-flavoured Markdown. */
export function formatDiagnosisMarkdown(diagnosis: SelectedDiagnosis, style: Style): string {
  const blocks = [
    `### SNAT ports of ${escapeMarkdown(diagnosis.node)}: ${diagnosis.severity}`,
    `${diagnosis.at}, ${escapeMarkdown(kernelBehaviourWords(diagnosis.behaviour))}, ${escapeMarkdown(formatRanges(diagnosis).join('; '))}`,
    portSpaceTable(diagnosis),
    list((diagnosis.leftOut ?? []).map(formatLeftOut)),
    list(
      [...diagnosis.findings, ...diagnosis.portSpaces.flatMap((space) => space.findings)]
        .filter((finding) => finding.severity !== 'ok')
        .map((finding) => findingText(finding, style)),
    ),
    list(diagnosis.claims.map((claim) => formatClaimInRange(claim))),
    `${formatLosses(diagnosis.losses)}.`,
    details('SNAT rules', diagnosis.rules.map(formatRule)),
    list(diagnosis.gaps.map((gap) => `Not seen: ${gap.what} (${gap.why}); weakens ${gap.weakens}`)),
    `${confidenceText(diagnosis)}. Next: \`${commandText(diagnosis.next, style)}\``,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function portSpaceTable(diagnosis: Diagnosis): string {
  const portSpaces = withoutQuietRows(diagnosis.portSpaces);
  const folded = diagnosis.portSpaces.filter((space) => !portSpaces.includes(space));
  const quiet = fold(diagnosis.quiet, folded);
  const rest = quiet.count === 0 ? [] : [`${formatQuiet(quiet, { areOthers: portSpaces.length > 0 })}.`];
  if (portSpaces.length === 0) return rest.join('');
  const rows = portSpaces.map((space) => portSpaceRow(space, diagnosis.behaviour.evictsClosing));
  const table = [
    ['Verdict', 'Port space', 'Ports used', 'Chance', 'New', 'Room for', 'Who'],
    Array.from({ length: 7 }, () => '---'),
    ...rows,
  ];
  return [table.map((row) => `| ${row.join(' | ')} |`).join('\n'), ...rest].join('\n\n');
}

function portSpaceRow(space: PortSpaceVerdict, evictsClosing: Diagnosis['behaviour']['evictsClosing']): string[] {
  const rate = (value: number | undefined): string => (value === undefined ? 'not known' : formatRate(value));
  return [
    verdictLabel(space.findings[0]?.check ?? 'fine').toLowerCase(),
    formatPortSpace(space.portSpace, protocolName(space.portSpace.protocol)),
    usedPorts(space),
    nextLost(space, evictsClosing) || 'none lost',
    rate(space.newPerSecond),
    rate(space.sustainablePerSecond),
    whoText(space, SOURCES_SHOWN),
  ].map(escapeMarkdown);
}

function findingText(finding: Finding, style: Style): string {
  const helps = finding.remedy === undefined ? '' : ` What helps: ${commandText(finding.remedy, style)}`;
  const sentence = sentenceWithNumbers(finding).replace(/\.$/, '');
  const label = verdictLabel(finding.check).toLowerCase();
  return `**${label}** (${finding.severity}, confidence ${finding.confidence}): ${escapeMarkdown(`${sentence}.${helps}`)}`;
}

function details(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<details><summary>${title}</summary>\n\n\`\`\`\n${items.join('\n')}\n\`\`\`\n\n</details>`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
