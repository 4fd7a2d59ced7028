import { describe, expect, it } from 'vitest';
import { flowsFixture, gapFixture, nodeFactsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import type { Gap } from '../model/gap.ts';
import { diagnose } from './diagnose.ts';

describe('the next command', () => {
  const range = { first: 40_000, last: 40_299 };
  const flows = flowsFixture(300, { port: 40_000 });
  const refused: Gap = { ...gapFixture('listeners'), remedy: 'sudo portolan diagnose' };
  const untried: Gap = { ...gapFixture('kernel-behaviour'), remedy: 'sudo portolan probe' };

  function nextWith(gaps: readonly Gap[]): string {
    return diagnose(nodeFactsFixture({ range, flows, gaps })).next;
  }

  it('is the same with the rights that were missing', () => {
    expect(nextWith([untried, refused])).toBe('sudo portolan diagnose');
  });

  it('is a trial when only the kernel is the question', () => {
    expect(nextWith([untried])).toBe('sudo portolan probe');
    expect(nextWith([gapFixture('kernel-behaviour')])).toBe('portolan probe');
  });

  it('compares remedies where ports run out and nothing more can be seen', () => {
    expect(nextWith([])).toBe('portolan plan');
    expect(nextWith([gapFixture('decoder')])).toBe('portolan plan');
  });

  it('unfolds the evidence where all is well', () => {
    expect(diagnose(nodeFactsFixture({ flows: flowsFixture(30) })).next).toBe('portolan diagnose --explain');
  });
});
