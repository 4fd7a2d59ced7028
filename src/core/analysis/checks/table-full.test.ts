import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../../test/analysis/finding-of.ts';
import { countersFixture, gapFixture, nodeFactsFixture } from '../../../../test/analysis/node-facts-fixture.ts';

const FULL = { count: 262_144, max: 262_144 };

describe('table-full', () => {
  it('is critical when drop rises without insert_failed and the table is full', () => {
    const counters = countersFixture({ drop: 300 });
    expect(findingOf(nodeFactsFixture({ table: FULL, counters }), 'table-full')).toMatchObject({
      severity: 'critical',
      confidence: 'high',
      numbers: { lostPackets: { value: 300 }, entries: { value: 262_144 } },
    });
  });

  it('is a warning at 92 %, and silent at 80 % or when the drops are SNAT losses', () => {
    expect(findingOf(nodeFactsFixture({ table: { count: 92, max: 100 } }), 'table-full')?.severity).toBe('warning');
    expect(
      findingOf(
        nodeFactsFixture({ table: { count: 92, max: 100 }, counters: countersFixture({ drop: 9, insertFailed: 9 }) }),
        'table-full',
      )?.severity,
    ).toBe('warning');
    expect(findingOf(nodeFactsFixture({ table: { count: 80, max: 100 } }), 'table-full')).toBeUndefined();
  });

  it('is less sure without counters and silent without the size of the table', () => {
    const facts = nodeFactsFixture({ table: FULL, counters: undefined, gaps: [gapFixture('counters')] });
    expect(findingOf(facts, 'table-full')).toMatchObject({
      severity: 'critical',
      confidence: 'medium',
      gaps: ['counters'],
    });
    expect(findingOf(nodeFactsFixture({ table: undefined }), 'table-full')).toBeUndefined();
  });
});
