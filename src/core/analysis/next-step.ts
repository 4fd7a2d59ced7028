// The one command worth typing after a diagnosis.
import type { Gap } from '../model/gap.ts';
import type { Finding } from './finding.ts';

/** Verdicts that call for more ports or fewer flows: what to do about them is a comparison. */
const OUT_OF_PORTS: ReadonlySet<string> = new Set(['exhausted', 'churn', 'nearing']);

const PLAN = 'portolan plan';
const EXPLAIN = 'portolan diagnose --explain';
const WITH_RIGHTS = 'sudo portolan diagnose';

/** What shows more first: the rights that were missing, a trial of the kernel; else a plan where ports run out, what the worst finding asks for, or its evidence. */
export function nextStep(findings: readonly Finding[], gaps: readonly Gap[]): string {
  if (gaps.some(({ remedy }) => remedy === WITH_RIGHTS)) return WITH_RIGHTS;
  const behaviour = gaps.find(({ id }) => id === 'kernel-behaviour');
  const worst = findings[0];
  if (behaviour !== undefined || worst?.gaps.includes('kernel-behaviour') === true)
    return behaviour?.remedy ?? 'portolan probe';
  if (worst === undefined || worst.severity === 'ok' || worst.severity === 'info') return EXPLAIN;
  if (OUT_OF_PORTS.has(worst.check)) return PLAN;
  return /^(sudo )?portolan /.test(worst.remedy ?? '') ? (worst.remedy ?? EXPLAIN) : EXPLAIN;
}

/** The same where no trial of the kernel can be typed: what the findings call for. */
export function nextStepWithoutTrial(findings: readonly Finding[], gaps: readonly Gap[]): string {
  const typed = findings.map((finding) => ({
    ...finding,
    gaps: finding.gaps.filter((id) => id !== 'kernel-behaviour'),
  }));
  return nextStep(
    typed,
    gaps.filter(({ id }) => id !== 'kernel-behaviour'),
  );
}
