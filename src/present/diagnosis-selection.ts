// Keeps only the findings of chosen checks and judges the node by what is left.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { CheckId, Finding } from '../core/analysis/finding.ts';
import { worstSeverity } from './words.ts';

export interface CheckSelection {
  /** Empty: all checks. */
  readonly only: readonly CheckId[];
  readonly skip: readonly CheckId[];
}

/**
 * The diagnosis with the chosen checks only. `cannot-tell` stays unless it is skipped by name: what could not be seen is
 * not what was not asked for. Port spaces without a finding left lose their row.
 */
export function selectChecks(diagnosis: Diagnosis, selection: CheckSelection): Diagnosis {
  if (selection.only.length === 0 && selection.skip.length === 0) return diagnosis;
  const findings = diagnosis.findings.filter((finding) => isChosen(finding, selection));
  const portSpaces = diagnosis.portSpaces.flatMap((space) => selectInSpace(space, selection));
  const severity = worstSeverity([...findings, ...portSpaces].map((judged) => judged.severity));
  return { ...diagnosis, findings, portSpaces, severity };
}

function selectInSpace(space: PortSpaceVerdict, selection: CheckSelection): PortSpaceVerdict[] {
  const findings = space.findings.filter((finding) => isChosen(finding, selection));
  if (findings.length === 0) return [];
  return [{ ...space, findings, severity: worstSeverity(findings.map((finding) => finding.severity)) }];
}

function isChosen({ check }: Finding, { only, skip }: CheckSelection): boolean {
  if (skip.includes(check)) return false;
  return only.length === 0 || only.includes(check) || check === 'cannot-tell';
}
