import { describe, expect, it } from 'vitest';
import { findingOf, verdictOf } from '../../../../test/analysis/finding-of.ts';
import {
  closingFixture,
  countersFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  scatter,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 40_000, last: 40_999 };

describe('exhausted', () => {
  it('is critical when live connections hold all ports, with the losses as evidence', () => {
    const counters = countersFixture({ insertFailed: 20, drop: 20, found: 20 * 248 });
    const finding = findingOf(
      nodeFactsFixture({ range: RANGE, flows: flowsFixture(1000, { port: 40_000 }), counters }),
      'exhausted',
    );
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'high',
      gaps: [],
      numbers: { dropProbability: { value: 1, unit: 'probability' } },
    });
    expect(finding?.because.join(' ')).toContain(
      'insert_failed rose by 20 in 2 s (10/s), with 248 occupied candidates',
    );
  });

  it('is a warning between 1 in 1,000 and 1 in 100', () => {
    const flows = scatter(flowsFixture(920), RANGE);
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows }), 'exhausted')?.severity).toBe('warning');
  });

  it('counts whatever holds a port: a space full of live flows of several sources', () => {
    const flows = [...flowsFixture(500, { port: 40_000 }), ...flowsFixture(500, { port: 40_500, source: '10.1.0.8' })];
    expect(verdictOf(nodeFactsFixture({ range: RANGE, flows }))).toBe('exhausted');
  });

  it('is silent at 80 %, and silent when the rest is closing and this kernel takes it over', () => {
    expect(
      findingOf(nodeFactsFixture({ range: RANGE, flows: scatter(flowsFixture(800), RANGE) }), 'exhausted'),
    ).toBeUndefined();
    const flows = [...flowsFixture(400, { port: 40_000 }), ...closingFixture(600, { port: 40_400 })];
    expect(findingOf(nodeFactsFixture({ range: RANGE, flows: scatter(flows, RANGE) }), 'exhausted')).toBeUndefined();
  });

  it('does not rest on absolute losses: insert_failed without a full space is not exhaustion', () => {
    const counters = countersFixture({ insertFailed: 500, drop: 500, found: 6000 });
    expect(
      findingOf(nodeFactsFixture({ range: RANGE, flows: flowsFixture(10, { port: 40_000 }), counters }), 'exhausted'),
    ).toBeUndefined();
  });

  it('is less sure when inbound and host flows were not read', () => {
    const facts = nodeFactsFixture({
      range: RANGE,
      flows: flowsFixture(1000, { port: 40_000 }),
      gaps: [gapFixture('host-flows'), gapFixture('events')],
    });
    expect(findingOf(facts, 'exhausted')).toMatchObject({
      severity: 'critical',
      confidence: 'medium',
      gaps: ['host-flows'],
    });
  });

  it('suggests a wide range where that pays, and never a half-way one', () => {
    const full = flowsFixture(32_768);
    expect(findingOf(nodeFactsFixture({ flows: full }), 'exhausted')?.remedy).toContain('"natPortRange": "1025:65535"');
    const natRules = {
      ...nodeFactsFixture().natRules,
      untrackedPorts: [{ protocol: 17, ports: { first: 4789, last: 4789 }, owner: 'calico', where: 'raw' } as const],
    };
    expect(findingOf(nodeFactsFixture({ flows: full, natRules }), 'exhausted')?.remedy).toContain(
      '"natPortRange": "4790:65535"',
    );
    const wide = nodeFactsFixture({
      range: { first: 4790, last: 65_535 },
      flows: flowsFixture(60_746, { port: 4790 }),
    });
    expect(findingOf(wide, 'exhausted')?.remedy).toContain('more nodes');
  });
});
