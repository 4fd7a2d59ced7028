// The order of gravity, for findings and for whole answers.
import { CHECK_IDS, type Finding, type Severity } from './finding.ts';

const GRAVITY: readonly Severity[] = ['critical', 'warning', 'unknown', 'info', 'ok'];

/** The worst of some severities; `ok` of none. */
export function worstOf(severities: Iterable<Severity>): Severity {
  const present = new Set(severities);
  return GRAVITY.find((severity) => present.has(severity)) ?? 'ok';
}

/** Smaller is worse. */
export function gravity(severity: Severity): number {
  return GRAVITY.indexOf(severity);
}

/** Causes before the state they lead to, then what merely comes along. */
const PRECEDENCE: readonly Finding['check'][] = [
  'leak',
  'churn',
  'pod-ephemeral-ports',
  'exhausted',
  'table-full',
  'race',
  'conflict',
  'recycled-too-early',
  'rule-order',
  'range-protocol',
  'nearing',
  'cannot-tell',
  'fine',
];

/** Worst first; among equals the cause before its consequence. */
export function bySeverity(left: Finding, right: Finding): number {
  return gravity(left.severity) - gravity(right.severity) || rank(left) - rank(right);
}

function rank(finding: Finding): number {
  const place = PRECEDENCE.indexOf(finding.check);
  return place < 0 ? CHECK_IDS.length : place;
}
