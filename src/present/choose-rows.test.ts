import { describe, expect, it } from 'vitest';
import { SAMPLE_DIAGNOSES } from '../../test/golden/sample-diagnoses.ts';
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import { DEFAULT_ROWS, chooseRows } from './choose-rows.ts';

function withFine(loud: number, fine: number): Diagnosis {
  const [churn] = SAMPLE_DIAGNOSES['critical-churn'].portSpaces;
  const [calm] = SAMPLE_DIAGNOSES.fine.portSpaces;
  if (churn === undefined || calm === undefined) throw new TypeError('Cannot read the samples: wanted port spaces');
  const rows = Array.from({ length: fine }, (_, index) => ({
    ...calm,
    usedPorts: 6000 - index,
    capacityPorts: 10_000,
  }));
  const portSpaces = [...Array.from({ length: loud }, () => churn), ...rows];
  return { ...SAMPLE_DIAGNOSES.fine, portSpaces, quiet: { count: 2, highestShare: 0.01 } };
}

describe('chooseRows', () => {
  it('gives as many rows as were asked for', () => {
    const { shown, cut, rest } = chooseRows(withFine(1, 30), 20);
    expect([shown.length, cut.length, rest.count]).toEqual([20, 11, 2]);
  });

  it('counts the fine ones but the fullest when no number was asked for', () => {
    const { shown, cut, rest } = chooseRows(withFine(1, 30), DEFAULT_ROWS);
    expect([shown.length, cut.length, rest]).toEqual([2, 0, { count: 31, highestShare: 0.5999 }]);
    expect(chooseRows(withFine(0, 3), DEFAULT_ROWS).shown).toHaveLength(1);
  });

  it('cuts what is not fine, and says so', () => {
    const { shown, cut } = chooseRows(withFine(8, 0), DEFAULT_ROWS);
    expect([shown.length, cut.length]).toEqual([5, 3]);
  });
});
