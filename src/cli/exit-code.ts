// What the exit code says; the same for every command.
import type { Plan } from '../core/advice/plan.ts';
import type { ClusterDiagnosis } from '../core/analysis/cluster-diagnosis.ts';
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import type { ErrorCode } from '../core/errors/catalogue.ts';
import type { GapId } from '../core/model/gap.ts';

export const FINE = 0;
export const FAILED = 1;
export const FOUND = 2;
export const COULD_NOT_MEASURE = 3;
/** 128 + SIGINT, as shells report it. */
export const INTERRUPTED = 130;
/** 128 + SIGTERM. */
export const TERMINATED = 143;

export const EXIT_CODES: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: FINE, meaning: 'fine, or nothing as bad as --fail-on' },
  { code: FAILED, meaning: 'error: a wrong flag, a failed step, a bug' },
  {
    code: FOUND,
    meaning:
      'a finding at or above --fail-on, a goal that no remedy of a plan reaches, or a stored value that Felix cannot read',
  },
  {
    code: COULD_NOT_MEASURE,
    meaning: 'cannot tell: not Linux, no permission, no API server, something that decides was not seen or left out',
  },
  { code: INTERRUPTED, meaning: 'stopped with Ctrl-C' },
  { code: TERMINATED, meaning: 'stopped with SIGTERM' },
];

export const FAIL_ON = ['critical', 'warning', 'never'] as const;

export type FailOn = (typeof FAIL_ON)[number];

/** The exit code of a diagnosis. What could not be judged is never exit code 0, also with `never`. */
export function exitCodeOf(diagnosis: Diagnosis, failOn: FailOn): number {
  const { severity } = diagnosis;
  if (severity === 'critical' && failOn !== 'never') return FOUND;
  if (severity === 'warning' && failOn === 'warning') return FOUND;
  return severity === 'unknown' || cannotTell(diagnosis) ? COULD_NOT_MEASURE : FINE;
}

/** The exit code of a cluster: what was found counts for more than the nodes that were not read. */
export function exitCodeOfCluster({ counts, nodes }: ClusterDiagnosis, failOn: FailOn): number {
  if (counts.critical > 0 && failOn !== 'never') return FOUND;
  if (counts.warning > 0 && failOn === 'warning') return FOUND;
  return counts.unknown > 0 || nodes.length === 0 ? COULD_NOT_MEASURE : FINE;
}

/** What a plan rests on: without one of these its range, kernel or load is a guess. */
const DECIDES: ReadonlySet<GapId> = new Set([
  'flows',
  'flows-incomplete',
  'conntrack-absent',
  'nat-rules',
  'nat-rules-legacy',
  'kernel-behaviour',
]);

/** The exit code of a plan: a goal out of reach is found whatever was not seen. */
export function exitCodeOfPlan({ goalReached, gaps }: Plan): number {
  if (!goalReached) return FOUND;
  return gaps.some(({ id }) => DECIDES.has(id)) ? COULD_NOT_MEASURE : FINE;
}

/** The exit code after an abort; the signal's name is its reason. */
export function exitCodeOfAbort(reason: unknown): number {
  return reason === 'SIGTERM' ? TERMINATED : INTERRUPTED;
}

/** The exit code of an operational error. */
export function exitCodeOfError(code: ErrorCode): number {
  return UNMEASURABLE.has(code) ? COULD_NOT_MEASURE : FAILED;
}

const UNMEASURABLE: ReadonlySet<ErrorCode> = new Set([
  'PTL_NOT_LINUX',
  'PTL_USERNS_REFUSED',
  'PTL_CANNOT_MEASURE',
  'PTL_NO_LOAD',
  'PTL_API_UNREACHABLE',
  'PTL_API_CREDENTIALS',
  'PTL_API_UNAUTHORISED',
  'PTL_API_FORBIDDEN',
  'PTL_AGENT',
]);

function cannotTell({ findings }: Diagnosis): boolean {
  return findings.some(({ check }) => check === 'cannot-tell');
}
