// Whether a node is short of SNAT ports, as one answer for the node: what the condition of a Node says of it.
import { formatPortSpace } from '../model/port-space.ts';
import { protocolName } from '../model/protocol.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { CheckId, Finding } from './finding.ts';
import { bySeverity } from './severity.ts';

/** Checks whose fault is that ports run short; others are no pressure, however grave. */
const SHORTAGES: ReadonlySet<CheckId> = new Set(['leak', 'churn', 'exhausted', 'nearing']);

export interface PortPressure {
  /** `unknown`: what would show it was not seen. */
  readonly state: 'short' | 'enough' | 'unknown';
  /** The check that leads. */
  readonly check: CheckId;
  /** The verdict, with the destination it is about and how many others there are. */
  readonly sentence: string;
}

export function portPressure(diagnosis: Diagnosis): PortPressure {
  const findings = [...diagnosis.findings, ...diagnosis.portSpaces.flatMap((space) => space.findings)];
  const short = findings.filter(isShortage).toSorted(bySeverity);
  const [worst] = short;
  if (worst !== undefined) return { state: 'short', check: worst.check, sentence: sentenceOf(worst, short) };
  const unknown = findings.find(({ check }) => check === 'cannot-tell');
  if (unknown !== undefined) return { state: 'unknown', check: unknown.check, sentence: sentenceOf(unknown, []) };
  return { state: 'enough', check: 'fine', sentence: 'Source ports suffice towards every destination of this node.' };
}

function isShortage({ check, severity }: Finding): boolean {
  return SHORTAGES.has(check) && (severity === 'critical' || severity === 'warning');
}

function sentenceOf({ subject, sentence }: Finding, all: readonly Finding[]): string {
  if (subject.kind === 'node') return sentence;
  const { portSpace } = subject;
  const others = new Set(all.map(spaceIndexOf)).size - 1;
  const rest = others > 0 ? ` ${others} more destination${others === 1 ? ' is' : 's are'} short of ports.` : '';
  return `${formatPortSpace(portSpace, protocolName(portSpace.protocol))}: ${sentence}${rest}`;
}

function spaceIndexOf({ subject }: Finding): number {
  return subject.kind === 'node' ? -1 : subject.portSpace.index;
}
