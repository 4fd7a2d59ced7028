// Keeps only the findings of chosen checks and judges the node by what is left.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { CheckId, Finding } from '../core/analysis/finding.ts';
import { complains, countLeftOut, type SelectedDiagnosis, shareOf } from './left-out.ts';
import { worstSeverity } from './words.ts';

export interface CheckSelection {
  /** Empty: all checks. */
  readonly only: readonly CheckId[];
  readonly skip: readonly CheckId[];
}

/**
 * The diagnosis with the chosen checks only. `cannot-tell` stays unless it is skipped by name: what could not be seen is
 * not what was not asked for. Port spaces without a finding left lose their row but stay counted, and trouble that was
 * left out makes the answer unknown at best: a choice of checks never turns a node green.
 */
export function selectChecks(diagnosis: Diagnosis, selection: CheckSelection): SelectedDiagnosis {
  if (selection.only.length === 0 && selection.skip.length === 0) return diagnosis;
  const isLeft = (finding: Finding): boolean => isChosen(finding, selection);
  const findings = diagnosis.findings.filter(isLeft);
  const portSpaces = diagnosis.portSpaces.flatMap((space) => selectInSpace(space, isLeft));
  const leftOut = countLeftOut(diagnosis, isLeft);
  const severities = [...findings, ...portSpaces].map((judged) => judged.severity);
  return {
    ...diagnosis,
    findings,
    portSpaces,
    quiet: withUncomplaining(diagnosis, isLeft),
    leftOut,
    severity: worstSeverity(leftOut.length === 0 ? severities : [...severities, 'unknown']),
  };
}

type IsLeft = (finding: Finding) => boolean;

function selectInSpace(space: PortSpaceVerdict, isLeft: IsLeft): PortSpaceVerdict[] {
  const findings = space.findings.filter(isLeft);
  if (findings.length === 0) return [];
  const severities = findings.map((finding) => finding.severity);
  const isHiding = space.findings.some((finding) => complains(finding) && !isLeft(finding));
  return [{ ...space, findings, severity: worstSeverity(isHiding ? [...severities, 'unknown'] : severities) }];
}

/** Spaces that lost their row without any complaint are as quiet as those that had none. */
function withUncomplaining({ portSpaces, quiet }: Diagnosis, isLeft: IsLeft): Diagnosis['quiet'] {
  const lost = portSpaces.filter(({ findings }) => !findings.some(isLeft) && !findings.some(complains));
  return {
    count: quiet.count + lost.length,
    highestShare: Math.max(quiet.highestShare, ...lost.map(shareOf)),
  };
}

function isChosen({ check }: Finding, { only, skip }: CheckSelection): boolean {
  if (skip.includes(check)) return false;
  return only.length === 0 || only.includes(check) || check === 'cannot-tell';
}
