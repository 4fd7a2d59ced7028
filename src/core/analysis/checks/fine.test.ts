import { describe, expect, it } from 'vitest';
import { diagnose } from '../diagnose.ts';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import {
  closingFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 32_768, last: 65_535 };

describe('fine', () => {
  it('is the verdict of a space with ports to spare and of its node, with the figures', () => {
    const facts = nodeFactsFixture({ flows: scatter(flowsFixture(900), RANGE) });
    expect(verdictOf(facts)).toBe('fine');
    expect(findingOf(facts, 'fine')).toMatchObject({
      severity: 'ok',
      confidence: 'high',
      numbers: { usedPorts: { value: 900 }, capacityPorts: { value: 32_768 }, dropProbability: { value: 0 } },
    });
    expect(diagnose(facts).severity).toBe('ok');
  });

  it('covers a range full of closing entries on a kernel that takes them over', () => {
    const range = { first: 40_000, last: 40_999 };
    expect(verdictOf(nodeFactsFixture({ range, flows: closingFixture(1000, { port: 40_000 }) }))).toBe('fine');
  });

  it('is never said beside a fault', () => {
    const range = { first: 40_000, last: 40_999 };
    expect(findingOf(nodeFactsFixture({ range, flows: flowsFixture(1000, { port: 40_000 }) }), 'fine')).toBeUndefined();
    expect(diagnose(nodeFactsFixture({ table: { count: 99, max: 100 } })).findings.map(({ check }) => check)).toEqual([
      'table-full',
    ]);
  });

  it('is less sure without host flows, and not said without flows', () => {
    const facts = nodeFactsFixture({ flows: flowsFixture(900), gaps: [gapFixture('host-flows')] });
    expect(diagnose(facts).findings[0]).toMatchObject({ check: 'fine', confidence: 'medium', gaps: ['host-flows'] });
    expect(findingOf(nodeFactsFixture({ gaps: [gapFixture('flows')] }), 'fine')).toBeUndefined();
  });

  it('says that an eBPF masquerade would not show when no rule translates', () => {
    const natRules = { sourceNat: [], dnatPorts: [], untrackedPorts: [] };
    expect(findingOf(nodeFactsFixture({ natRules }), 'fine')).toMatchObject({
      confidence: 'medium',
      sentence: 'No rule translates pod egress here and no flow holds a SNAT port.',
    });
  });
});
