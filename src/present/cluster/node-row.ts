// One node of a cluster as one row: its range, its worst port space, who fills it, and the verdict.
import type { NodeAnswer } from '../../core/analysis/cluster-diagnosis.ts';
import { severityOf } from '../../core/analysis/cluster-diagnosis.ts';
import type { ClaimInRange, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import type { Severity } from '../../core/analysis/finding.ts';
import type { NodeSummary } from '../../core/analysis/node-summary.ts';
import { formatRange } from '../../core/model/port-range.ts';
import { protocolName } from '../../core/model/protocol.ts';
import { holderName } from '../holder-text.ts';
import { formatNumber } from '../number-text.ts';
import { shareOf } from '../left-out.ts';
import { formatPorts } from '../rule-text.ts';
import { verdictLabel } from '../words.ts';
import { shortChances } from './short-chance.ts';

export interface NodeRow {
  readonly severity: Severity;
  readonly node: string;
  readonly range: string;
  readonly space: string;
  readonly used: string;
  readonly lost: string;
  readonly workload: string;
  readonly verdict: string;
}

const NOTHING = '-';

/** `also` more nodes say the very same. */
export function nodeRow(answer: NodeAnswer, also = 0): NodeRow {
  const severity = severityOf(answer);
  const node = also === 0 ? answer.node : `${answer.node} (+${also})`;
  if (!('summary' in answer)) return { ...EMPTY, severity, node, verdict: `not read: ${answer.why}` };
  const { summary } = answer;
  const [worst] = summary.portSpaces;
  return {
    ...(worst === undefined ? EMPTY : spaceCells(worst)),
    severity,
    node,
    range: nodeRangeText(summary),
    verdict: nodeVerdict(summary),
  };
}

const EMPTY = { range: NOTHING, space: NOTHING, used: NOTHING, lost: NOTHING, workload: NOTHING };

function spaceCells(worst: PortSpaceVerdict): Pick<NodeRow, 'space' | 'used' | 'lost' | 'workload'> {
  return {
    space: remoteText(worst),
    used: `${formatNumber(100 * shareOf(worst))} %`,
    lost: shortChances(worst.dropProbability, worst.dropProbabilityWithoutEviction),
    workload: topHolder(worst),
  };
}

/** `tcp 203.0.113.9:443`. */
export function remoteText({ portSpace: { protocol, remoteAddress, remotePort } }: PortSpaceVerdict): string {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `${protocolName(protocol)} ${remotePort === 0 ? host : `${host}:${remotePort}`}`;
}

/** `32768-65535`, `unset`; of protocols that differ each. Without a view of the rules it is not known. */
export function nodeRangeText({ ranges, gaps }: NodeSummary): string {
  const isBlind = gaps.some(({ id }) => id === 'nat-rules') && ranges.every(({ effective }) => effective.isDefault);
  if (isBlind) return 'not known';
  if (ranges.length === 0) return 'no SNAT';
  const texts = ranges.map(({ effective }) => (effective.isDefault ? 'unset' : formatRange(effective.range)));
  const distinct = [...new Set(texts)];
  if (distinct.length === 1) return distinct.join('');
  return ranges.map(({ protocol }, index) => `${protocol} ${texts[index] ?? ''}`).join(', ');
}

function topHolder({ holders, sources }: PortSpaceVerdict): string {
  const [top] = holders ?? [];
  return top === undefined ? (sources[0]?.address ?? NOTHING) : holderName(top.holder);
}

/** `churn`, `conflict: udp 4789 Calico VXLAN`, `fine`. */
export function nodeVerdict({ worst, hurtingClaims }: NodeSummary): string {
  if (worst === undefined || worst.severity === 'ok' || worst.severity === 'info') return 'fine';
  const label = verdictLabel(worst.check).toLowerCase();
  const [claim] = worst.check === 'conflict' ? hurtingClaims : [];
  return claim === undefined ? label : `${label}: ${claimText(claim)}`;
}

function claimText({ claim: { protocol, ports, owner } }: ClaimInRange): string {
  const name = owner === 'unknown' || owner === '' ? '' : ` ${owner}`;
  return `${protocolName(protocol)} ${formatPorts(ports)}${name}`;
}
