// A cluster in the kernel's words: every node with every column, every gap. Lines are as long as they need to be.
import type { ClusterDiagnosis, NodeAnswer } from '../../core/analysis/cluster-diagnosis.ts';
import type { PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { formatClaimInRange } from '../claim-text.ts';
import { layoutColumns } from '../column-layout.ts';
import { fullName } from '../holder-text.ts';
import { type Line, paintLines } from '../line.ts';
import { formatNodeRange } from '../node-range-text.ts';
import { formatCount, formatInteger, formatNumber } from '../number-text.ts';
import type { Style } from '../style.ts';
import { nextLines } from './cluster-diagnosis-table.ts';
import { clusterGapText, clusterWords, countsText } from './cluster-words.ts';
import { nodeRow, remoteText } from './node-row.ts';

const NODE_COLUMNS = [
  '',
  'NODE',
  'ADDRESS',
  'KERNEL',
  'RANGE',
  'CONFIGURED',
  'SET-BY',
  'WORST-PORT-SPACE',
  'USED',
  'P(DROP)',
  'FLOWS',
  'NEW/S',
  'LOST/S',
  'READ-BY',
  'VERDICT',
];
const SPACE_COLUMNS = ['', 'NODE', 'VERDICT', 'PORT-SPACE', 'USED', 'LIVE', 'CLOSING', 'CAPACITY', 'NEW/S', 'HOLDERS'];
const RIGHT_SPACES = [4, 5, 6, 7, 8];
const NOT_KNOWN = '-';

export function formatClusterWide(diagnosis: ClusterDiagnosis, style: Style): string {
  const { nodes, claims, gaps } = diagnosis;
  const read = nodes.filter((answer) => 'summary' in answer).length;
  const spaces = nodes.flatMap((answer) => spaceRows(answer, style));
  const lines: Line[] = [
    { text: `${diagnosis.cluster}  ${diagnosis.at}`, tone: 'strong' },
    ...layoutColumns([NODE_COLUMNS, ...nodes.map((answer) => wideRow(answer, style))]).map((text) => ({ text })),
    ...section(
      'Worst port spaces of each node',
      spaces.length === 0 ? [] : layoutColumns([SPACE_COLUMNS, ...spaces], { right: RIGHT_SPACES }),
    ),
    ...section(
      'Claims inside a range',
      claims.map(
        (claim) => `${formatClaimInRange(claim)} [${claim.claim.source}; ${formatCount(claim.nodes, 'node')}]`,
      ),
    ),
    ...section(
      'Gaps',
      gaps.map((gap) => `${gap.gap.id}: ${clusterGapText(gap, read)}; weakens ${gap.gap.weakens}`),
    ),
    { text: '' },
    { text: [countsText(diagnosis), ...clusterWords(diagnosis)].join('  ') },
    ...nextLines(diagnosis, style),
  ];
  return paintLines(lines, style.palette);
}

function wideRow(answer: NodeAnswer, style: Style): string[] {
  const { severity, node, range, space, used, lost, verdict } = nodeRow(answer);
  const { configured } = answer;
  const summary = 'summary' in answer ? answer.summary : undefined;
  const lostPerSecond =
    summary?.losses === undefined
      ? NOT_KNOWN
      : formatNumber(summary.losses.snat / Math.max(summary.losses.seconds, 0.001));
  return [
    style.symbols[severity],
    node,
    summary?.portSpaces[0]?.portSpace.snatAddress ??
      summary?.addresses.find((address) => !/^(127\.|::1$|fe)/.test(address)) ??
      NOT_KNOWN,
    summary?.kernel ?? NOT_KNOWN,
    range,
    configured === undefined ? NOT_KNOWN : formatNodeRange(configured.range),
    configured?.layers.find(({ role }) => role === 'rules')?.place ?? NOT_KNOWN,
    space,
    used,
    lost,
    summary === undefined ? NOT_KNOWN : formatInteger(summary.totals.flows),
    summary?.totals.newPerSecond === undefined ? NOT_KNOWN : formatNumber(summary.totals.newPerSecond),
    lostPerSecond,
    summary?.readBy ?? NOT_KNOWN,
    verdict,
  ];
}

function spaceRows(answer: NodeAnswer, style: Style): string[][] {
  if (!('summary' in answer)) return [];
  return answer.summary.portSpaces.map((verdict) => [
    style.symbols[verdict.severity],
    answer.node,
    verdict.findings[0]?.check ?? 'fine',
    remoteText(verdict),
    formatInteger(verdict.usedPorts),
    formatInteger(verdict.livePorts),
    formatInteger(verdict.closingPorts),
    formatInteger(verdict.capacityPorts),
    verdict.newPerSecond === undefined ? NOT_KNOWN : formatNumber(verdict.newPerSecond),
    holdersText(verdict),
  ]);
}

function holdersText({ holders, sources }: PortSpaceVerdict): string {
  if (holders === undefined)
    return sources.map(({ address, ports }) => `${address} ${formatInteger(ports)}`).join(', ') || NOT_KNOWN;
  return holders.map((share) => `${fullName(share)} ${formatInteger(share.ports)}`).join(', ') || NOT_KNOWN;
}

function section(title: string, items: readonly string[]): Line[] {
  if (items.length === 0) return [];
  return [{ text: '' }, { text: `${title}:`, tone: 'strong' }, ...items.map((text) => ({ text: `  ${text}` }))];
}
