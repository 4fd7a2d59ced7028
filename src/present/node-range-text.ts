// The effective natPortRange of a node, its layers and its traps in words and marks.
import type { Severity } from '../core/analysis/finding.ts';
import type { RangeGroup } from '../core/analysis/cluster-range.ts';
import type { LayerRole, NodeRange, RangeLayer, RangeTrap, RangeTrapId } from '../core/analysis/range-chain.ts';
import type { NodePortRangeSource } from '../core/model/node-port-range.ts';
import { UNRESTRICTED_RANGE, formatRange } from '../core/model/port-range.ts';

/** `32768-65535`, or why there is no such figure. */
export function formatNodeRange(range: NodeRange): string {
  switch (range.kind) {
    case 'range':
      return range.range.first === range.range.last ? `${range.range.first} only` : formatRange(range.range);
    case 'none':
      return 'unset';
    case 'frozen':
      return 'frozen';
    case 'unknown':
      return 'not known';
  }
}

/** What that means for a new flow. */
export function rangeMeaning(range: NodeRange): string {
  switch (range.kind) {
    case 'range':
      return `new TCP and UDP flows of pods get ${formatRange(range.range)}; other protocols know no range`;
    case 'none':
      return `new flows of pods get ${formatRange(UNRESTRICTED_RANGE)}, the kernel's default`;
    case 'frozen':
      return 'running Felixes keep what they last read, restarting ones do not come up: read the rules of the node';
    case 'unknown':
      return 'a layer that sets it could not be read: read the rules of the node';
  }
}

/** How much a trap may hurt. */
export const TRAP_SEVERITY: Readonly<Record<RangeTrapId, Severity>> = {
  undecodable: 'critical',
  'one-port': 'critical',
  'named-port': 'warning',
  'unusable-text': 'warning',
  'privileged-ports': 'warning',
  'annotation-spelling': 'warning',
  'selectors-compete': 'warning',
  'selector-ignored': 'warning',
  'annotation-rules': 'info',
  'environment-rules': 'info',
};

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'unknown', 'info', 'ok'];

/** Worst first. */
export function bySeverity(left: RangeGroup, right: RangeGroup): number {
  return SEVERITIES.indexOf(groupSeverity(left)) - SEVERITIES.indexOf(groupSeverity(right));
}

/** Worst first. */
export function trapRank({ id }: RangeTrap): number {
  return SEVERITIES.indexOf(TRAP_SEVERITY[id]);
}

/** The worst of what is known about the nodes of a group. */
export function groupSeverity({ range, nodes }: RangeGroup): Severity {
  const own: Severity = range.kind === 'frozen' ? 'critical' : range.kind === 'unknown' ? 'unknown' : 'ok';
  const doubt: Severity = nodes.some(({ confidence }) => confidence === 'low') ? 'unknown' : 'ok';
  const traps = nodes.flatMap((node) => node.traps.filter(({ reach }) => reach === 'this node'));
  const found = new Set<Severity>([own, doubt, ...traps.map(({ id }) => TRAP_SEVERITY[id])]);
  return SEVERITIES.find((severity) => found.has(severity)) ?? 'ok';
}

const ROLES: Readonly<Record<LayerRole, string>> = {
  rules: 'rules',
  shadowed: 'shadowed',
  silent: 'silent',
  'not-read': 'not read',
};

export function roleText({ role }: RangeLayer): string {
  return ROLES[role];
}

const ROLE_MARKS: Readonly<Record<LayerRole, Severity>> = {
  rules: 'ok',
  shadowed: 'info',
  silent: 'info',
  'not-read': 'unknown',
};

export function roleMark({ role }: RangeLayer): Severity {
  return ROLE_MARKS[role];
}

const SOURCES: Readonly<Record<NodePortRangeSource, string>> = {
  'api-server-answer': "the API server's own answer",
  'api-server-flag': 'the flag of the API server',
  'allocator-metrics': 'counted by the API server',
  'felix-hint': "Felix's kubeNodePortRanges, a hint",
  observed: 'lowest and highest NodePort in use, the true range may be wider',
  assumed: "Kubernetes' default, not confirmed",
};

/** How the NodePort range is known. */
export function nodePortSourceText(source: NodePortRangeSource): string {
  return SOURCES[source];
}

const NAMES_SHOWN = 3;

/** `worker-1, worker-2, worker-3 and 18 more`. */
export function someNames(names: readonly string[], shown = NAMES_SHOWN): string {
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ');
}
