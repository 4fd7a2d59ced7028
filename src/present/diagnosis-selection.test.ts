import { describe, expect, it } from 'vitest';
import { SAMPLE_DIAGNOSES } from '../../test/golden/sample-diagnoses.ts';
import { selectChecks } from './diagnosis-selection.ts';

const churn = SAMPLE_DIAGNOSES['critical-churn'];

describe('selectChecks', () => {
  it('changes nothing when nothing is chosen', () => {
    expect(selectChecks(churn, { only: [], skip: [] })).toBe(churn);
  });

  it('judges the node by what is left', () => {
    const left = selectChecks(churn, { only: [], skip: ['churn'] });
    expect(left.severity).toBe('warning');
    expect(left.portSpaces.map((space) => space.findings.map((finding) => finding.check))).toEqual([
      ['leak'],
      ['nearing'],
      ['fine'],
    ]);
    expect(left.portSpaces[0]?.severity).toBe('warning');
  });

  it('drops rows without a finding left', () => {
    expect(selectChecks(churn, { only: ['churn'], skip: [] }).portSpaces).toHaveLength(1);
  });

  it('keeps cannot-tell unless it is skipped by name', () => {
    const blind = SAMPLE_DIAGNOSES['cannot-tell'];
    expect(selectChecks(blind, { only: ['churn'], skip: [] }).severity).toBe('unknown');
    expect(selectChecks(blind, { only: [], skip: ['cannot-tell'] }).severity).toBe('ok');
  });
});
