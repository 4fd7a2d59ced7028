// The nodes of a view over several: the worst port space of each, worst node first.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { GlancedSpace } from '../../core/analysis/node-glance.ts';
import { formatRange } from '../../core/model/port-range.ts';
import { protocolName } from '../../core/model/protocol.ts';
import { formatInteger, formatRate } from '../number-text.ts';
import { SEVERITY_ORDER, verdictLabel } from '../words.ts';
import { type GlancedNode, type NodeEntry, type NodeLook, severityOf } from './node-look.ts';
import { type TableChoice, usedText } from './spaces-table.ts';
import { type TopColumn, type TopRow, type TopSort, type TopTable, arrange, byText, descending } from './top-table.ts';

const COLUMNS: readonly TopColumn[] = [
  { title: 'NODE', width: 16 },
  { title: 'VERDICT', width: 12 },
  { title: 'PORTS USED', width: 13, isRight: true },
  { title: 'LOST', width: 10, isRight: true },
  { title: 'NEW', width: 7, isRight: true },
  { title: 'RANGE', width: 11 },
  { title: 'WORST DESTINATION', width: 34 },
];

const SORTS: readonly TopSort<NodeEntry>[] = [
  { name: 'worst first', compare: (left, right) => rank(left) - rank(right) },
  {
    name: 'most ports used',
    compare: (left, right) => descending(usedOf(left), usedOf(right)),
  },
  { name: 'by name', compare: (left, right) => byText(left.node, right.node) },
];

export function nodesTable(nodes: readonly NodeEntry[], { sort, filter }: TableChoice): TopTable {
  const arranged = arrange(nodes, { sorts: SORTS, sort, filter, row: rowOf });
  return { noun: 'node', columns: COLUMNS, unlisted: 0, ...arranged };
}

function rowOf(entry: NodeEntry): TopRow {
  const { node, look, glance } = entry;
  if (look !== undefined) return lookedAt(node, look);
  if (glance !== undefined) return glancedAt(node, glance);
  return {
    key: node,
    text: `${node} not read`,
    severity: 'unknown',
    cells: () => [node, 'not read', '-', '-', '-', '-', entry.why],
  };
}

function lookedAt(node: string, look: NodeLook): TopRow {
  const { diagnosis } = look;
  const worst = look.spaces[0];
  const label = verdictOf(diagnosis);
  return {
    key: node,
    text: `${node} ${label} ${worst?.name ?? ''}`.toLowerCase(),
    severity: diagnosis.severity,
    opens: { kind: 'spaces', node },
    cells: () => [
      node,
      label,
      worst === undefined ? '-' : usedText(worst),
      lostText(diagnosis),
      diagnosis.totals.newPerSecond === undefined ? '-' : formatRate(diagnosis.totals.newPerSecond),
      diagnosis.ranges[0] === undefined ? '-' : formatRange(diagnosis.ranges[0].effective.range),
      worst?.name ?? '-',
    ],
  };
}

function glancedAt(node: string, { severity, check, newPerSecond, range, worst, lostPackets }: GlancedNode): TopRow {
  const label = severity === 'unknown' && check === undefined ? '-' : verdictLabel(check ?? 'fine');
  const name = worst === undefined ? '-' : formatRemote(worst);
  return {
    key: node,
    text: `${node} ${label} ${name}`.toLowerCase(),
    severity,
    opens: { kind: 'spaces', node },
    cells: () => [
      node,
      label,
      worst === undefined ? '-' : `${formatInteger(worst.usedPorts)}/${formatInteger(worst.capacityPorts)}`,
      lostPackets === undefined ? '-' : formatInteger(lostPackets),
      formatRate(newPerSecond),
      range === undefined ? '-' : formatRange(range),
      name,
    ],
  };
}

/** `tcp 203.0.113.9:443`. */
function formatRemote({ protocol, remoteAddress, remotePort }: GlancedSpace): string {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `${protocolName(protocol)} ${remotePort === 0 ? host : `${host}:${remotePort}`}`;
}

/** The verdict that makes the node as bad as it is; what is merely worth knowing makes it no worse than fine. */
function verdictOf({ severity, findings, portSpaces }: Diagnosis): string {
  if (severity === 'info') return verdictLabel('fine');
  const all = [...findings, ...portSpaces.flatMap((space) => space.findings)];
  return verdictLabel(all.find((finding) => finding.severity === severity)?.check ?? 'fine');
}

function lostText({ losses }: Diagnosis): string {
  return losses === undefined ? '-' : formatInteger(losses.snat + losses.tableFull);
}

function usedOf({ look, glance }: NodeEntry): number | undefined {
  return look?.spaces[0]?.usedPorts ?? glance?.worst?.usedPorts;
}

function rank(entry: NodeEntry): number {
  return SEVERITY_ORDER.indexOf(severityOf(entry));
}
