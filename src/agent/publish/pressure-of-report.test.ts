import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/agent/sample-report.ts';
import { CHECK_IDS } from '../../core/analysis/finding.ts';
import type { PortPressure } from '../../core/analysis/port-pressure.ts';
import type { AgentReport } from '../../protocol/agent-report.ts';
import { pressureOfReport } from './pressure-of-report.ts';

const report = sampleReport({ spaces: 1, sources: 1 });
const AT = report.atMilliseconds;

function saying(pressure: PortPressure): AgentReport {
  const { diagnosis } = report;
  return { ...report, ...(diagnosis && { diagnosis: { ...diagnosis, pressure } }) };
}

describe('pressureOfReport', () => {
  it.each([
    ['short', 'exhausted', 'True', 'PortsExhausted'],
    ['short', 'leak', 'True', 'PortsLeaked'],
    ['enough', 'fine', 'False', 'PortsSuffice'],
    ['unknown', 'cannot-tell', 'Unknown', 'CannotTell'],
  ] as const)('%s by %s is %s, %s', (state, check, status, reason) => {
    expect(pressureOfReport(saying({ state, check, sentence: 's' }), AT)).toEqual({ status, reason, message: 's' });
  });

  it('is not known before the first look, before the first diagnosis, and from a report that is old', () => {
    const { diagnosis: _, ...blank } = report;
    for (const pressure of [
      pressureOfReport(undefined, AT),
      pressureOfReport(blank, AT),
      pressureOfReport(report, AT + 60_001),
    ])
      expect(pressure).toMatchObject({ status: 'Unknown', reason: 'NotWatched' });
    expect(pressureOfReport(report, AT + 60_000).status).toBe('True');
  });

  it('has reasons that Kubernetes takes, whatever the check', () => {
    for (const check of CHECK_IDS)
      expect(pressureOfReport(saying({ state: 'short', check, sentence: '' }), AT).reason).toMatch(/^[A-Z][A-Za-z]+$/);
  });
});
