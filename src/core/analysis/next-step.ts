// The one command worth typing after a diagnosis.
import type { Finding } from './finding.ts';

/** From the worst finding: a trial when the kernel is the question, else the unfolded evidence. */
export function nextStep(findings: readonly Finding[]): string {
  const worst = findings[0];
  if (worst === undefined || worst.severity === 'ok' || worst.severity === 'info') return 'portolan diagnose --explain';
  if (worst.gaps.includes('kernel-behaviour')) return 'portolan probe';
  const command = /^(sudo )?portolan /.test(worst.remedy ?? '') ? worst.remedy : undefined;
  return command ?? 'portolan diagnose --explain';
}
