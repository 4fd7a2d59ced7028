// Whether a blind diagnosis names what a scenario staged: all of it, as serious as it is, where it is, and nothing else.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { CheckId, Finding } from '../../core/analysis/finding.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { Expectation, Scenario } from '../../lab/scenario.ts';

export interface Judgement {
  /** The verdict that counts: the expected one when all is right, else the one that is not. */
  readonly answered: CheckId;
  /** What is wrong; undefined when nothing is. */
  readonly wrong?: string;
}

/** What must be found on a kernel that behaves like this. */
export function expectationsOn(scenario: Scenario, behaviour: KernelBehaviour): readonly Expectation[] {
  const { expect, expectWithoutEviction } = scenario;
  return behaviour.evictsClosing === 'no' ? (expectWithoutEviction ?? expect) : expect;
}

/** Compares all findings of warning and above, and all expected ones, with what was staged. */
export function judgeDiagnosis(diagnosis: Diagnosis, expected: readonly Expectation[]): Judgement {
  const findings = [...diagnosis.portSpaces.flatMap((space) => space.findings), ...diagnosis.findings];
  const missed = expected.find((expectation) => !isMet(expectation, { diagnosis, findings }));
  if (missed !== undefined) {
    const answered = worst(findings)?.check ?? 'fine';
    return { answered, wrong: `${describe(missed)} was not found; found ${listed(findings)}` };
  }
  const extra = findings.find((finding) => isTrouble(finding) && !expected.some((wanted) => matches(finding, wanted)));
  if (extra !== undefined) return { answered: extra.check, wrong: `${extra.check} (${extra.severity}) was not staged` };
  return { answered: expected[0]?.check ?? 'fine' };
}

function isMet(wanted: Expectation, seen: { diagnosis: Diagnosis; findings: readonly Finding[] }): boolean {
  if (wanted.check === 'fine' && seen.diagnosis.severity === 'ok') return true;
  return seen.findings.some((finding) => matches(finding, wanted) && finding.severity === wanted.severity);
}

function matches(finding: Finding, { check, subject }: Expectation): boolean {
  if (finding.check !== check) return false;
  if (subject === 'node') return finding.subject.kind === 'node';
  if (finding.subject.kind === 'node') return false;
  const { protocol, remoteAddress, remotePort } = finding.subject.portSpace;
  return protocol === subject.protocol && remoteAddress === subject.remoteAddress && remotePort === subject.remotePort;
}

function isTrouble(finding: Finding): boolean {
  return finding.severity === 'critical' || finding.severity === 'warning' || finding.severity === 'unknown';
}

const ORDER = ['critical', 'warning', 'unknown', 'info', 'ok'] as const;

function worst(findings: readonly Finding[]): Finding | undefined {
  return findings.toSorted((left, right) => ORDER.indexOf(left.severity) - ORDER.indexOf(right.severity))[0];
}

function describe({ check, severity, subject }: Expectation): string {
  return `${check} (${severity}) on ${subject === 'node' ? 'the node' : `${subject.remoteAddress}:${subject.remotePort}`}`;
}

function listed(findings: readonly Finding[]): string {
  const notable = findings.filter((finding) => finding.severity !== 'ok');
  return notable.length === 0 ? 'nothing' : notable.map(({ check, severity }) => `${check} (${severity})`).join(', ');
}
