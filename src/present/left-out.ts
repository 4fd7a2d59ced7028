// What --only and --skip took out of a diagnosis: it was found, so the answer must not look as if it were not there.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { CheckId, Finding } from '../core/analysis/finding.ts';
import { formatInteger } from './number-text.ts';
import { formatShare } from './share-text.ts';

/** What one check that was left out would have said, in numbers. */
export interface LeftOutCheck {
  readonly check: CheckId;
  readonly portSpaces: number;
  /** Highest share of capacity in use among those port spaces, 0..1. */
  readonly highestShare: number;
  /** Whether it complained about the node as a whole. */
  readonly aboutNode: boolean;
}

/** A diagnosis, and what a choice of checks took out of it. */
export interface SelectedDiagnosis extends Diagnosis {
  readonly leftOut?: readonly LeftOutCheck[];
}

/** Whether leaving the finding out would hide trouble. */
export function complains({ severity }: Finding): boolean {
  return severity === 'critical' || severity === 'warning' || severity === 'unknown';
}

/** Counts the complaints of a diagnosis that a choice leaves out, by check. */
export function countLeftOut(diagnosis: Diagnosis, isLeft: (finding: Finding) => boolean): readonly LeftOutCheck[] {
  const isHidden = (finding: Finding): boolean => complains(finding) && !isLeft(finding);
  const ofNode = diagnosis.findings.filter(isHidden).map(({ check }) => check);
  const ofSpaces = diagnosis.portSpaces.flatMap((space) =>
    [...new Set(space.findings.filter(isHidden).map(({ check }) => check))].map((check) => ({ check, space })),
  );
  const checks = new Set([...ofNode, ...ofSpaces.map(({ check }) => check)]);
  return [...checks].map((check) => {
    const shares = ofSpaces.filter((item) => item.check === check).map(({ space }) => shareOf(space));
    return {
      check,
      portSpaces: shares.length,
      highestShare: Math.max(0, ...shares),
      aboutNode: ofNode.includes(check),
    };
  });
}

/** 0..1 of the space's capacity. */
export function shareOf({ usedPorts, capacityPorts }: PortSpaceVerdict): number {
  return capacityPorts === 0 ? 1 : usedPorts / capacityPorts;
}

/** `not judged: exhausted left out (1 port space at 100 % of its range)`. */
export function formatLeftOut({ check, portSpaces, highestShare, aboutNode }: LeftOutCheck): string {
  const share = formatShare(highestShare);
  const spaces =
    portSpaces === 1
      ? `1 port space at ${share} of its range`
      : `${formatInteger(portSpaces)} port spaces, up to ${share} of their range`;
  const subjects = [...(aboutNode ? ['the node itself'] : []), ...(portSpaces === 0 ? [] : [spaces])];
  return `not judged: ${check} left out (${subjects.join('; ')})`;
}
