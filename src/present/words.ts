// The product's names for the model's identifiers: verdict labels, owners, severities.
import type { CheckId, Confidence, Finding, Severity } from '../core/analysis/finding.ts';
import { TCP, UDP } from '../core/model/protocol.ts';

const LABELS: Readonly<Record<CheckId, string>> = {
  exhausted: 'EXHAUSTED',
  churn: 'CHURN',
  'recycled-too-early': 'REUSED EARLY',
  race: 'RACE',
  'table-full': 'TABLE FULL',
  conflict: 'CONFLICT',
  leak: 'LEAK',
  'pod-ephemeral-ports': 'POD PORTS',
  nearing: 'NEARING',
  'rule-order': 'RULE ORDER',
  'range-protocol': 'NO RANGE',
  fine: 'FINE',
  'cannot-tell': 'CANNOT TELL',
};

/** The short name of a verdict, in capitals, at most 12 characters. */
export function verdictLabel(check: CheckId): string {
  return LABELS[check];
}

/** What one new flow of a protocol is called. */
export function flowNoun(protocol: number): string {
  if (protocol === TCP) return 'connection';
  return protocol === UDP ? 'datagram' : 'packet';
}

/** Worst first; `unknown` outranks what is known to be harmless: no data is not no problem. */
export const SEVERITY_ORDER: readonly Severity[] = ['critical', 'warning', 'unknown', 'info', 'ok'];

/** The worst of some severities; `ok` of none. */
export function worstSeverity(severities: readonly Severity[]): Severity {
  return SEVERITY_ORDER.find((severity) => severities.includes(severity)) ?? 'ok';
}

const CONFIDENCE_ORDER: readonly Confidence[] = ['low', 'medium', 'high'];

/** The lowest confidence of some findings, undefined of none. */
export function lowestConfidence(findings: readonly Finding[]): Confidence | undefined {
  return CONFIDENCE_ORDER.find((confidence) => findings.some((finding) => finding.confidence === confidence));
}
