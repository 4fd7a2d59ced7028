import { describe, expect, it } from 'vitest';
import { SAMPLE_DIAGNOSES } from '../../test/golden/sample-diagnoses.ts';
import { diagnosisDocument } from './diagnosis-document.ts';
import { selectChecks } from './diagnosis-selection.ts';
import { formatDiagnosisTable } from './diagnosis-table.ts';
import { DEFAULT_STYLE } from './style.ts';

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

  it('drops rows without a finding left but counts their spaces', () => {
    const left = selectChecks(churn, { only: ['churn'], skip: [] });
    expect(left.portSpaces).toHaveLength(1);
    expect(left.quiet.count).toBe(churn.quiet.count + 1);
    expect(left.leftOut?.map(({ check, portSpaces }) => [check, portSpaces])).toEqual([
      ['leak', 1],
      ['nearing', 1],
    ]);
  });

  it('never turns a node green: trouble left out is a line with the unknown mark', () => {
    const left = selectChecks(churn, { only: ['race'], skip: [] });
    expect(left.severity).toBe('unknown');
    const text = formatDiagnosisTable(left, { style: DEFAULT_STYLE, top: 5 });
    expect(text).toContain('? not judged: churn left out (1 port space at 98 % of its range)\n');
    expect(diagnosisDocument(left)).toMatchObject({ severity: 'unknown', leftOutChecks: { length: 3 } });
  });

  it('gives a row whose trouble was left out the unknown mark, not that of what merely remains', () => {
    const [first] = churn.portSpaces;
    const [worst] = first?.findings ?? [];
    if (first === undefined || worst === undefined) throw new Error('sample has no finding');
    const harmless = { ...worst, check: 'conflict', severity: 'info' } as const;
    const mixed = { ...churn, portSpaces: [{ ...first, findings: [worst, harmless] }] };
    expect(selectChecks(mixed, { only: ['conflict'], skip: [] }).portSpaces[0]?.severity).toBe('unknown');
  });

  it('leaves a node green when nothing was hidden', () => {
    expect(selectChecks(SAMPLE_DIAGNOSES.fine, { only: ['race'], skip: [] }).severity).toBe('ok');
  });

  it('keeps cannot-tell unless it is skipped by name', () => {
    const blind = SAMPLE_DIAGNOSES['cannot-tell'];
    expect(selectChecks(blind, { only: ['churn'], skip: [] }).severity).toBe('unknown');
    expect(selectChecks(blind, { only: [], skip: ['cannot-tell'] }).severity).toBe('unknown');
  });
});
