import { describe, expect, it } from 'vitest';
import { findingOf } from '../../../../test/analysis/finding-of.ts';
import {
  arrivalsFixture,
  countersFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../../../../test/analysis/node-facts-fixture.ts';
import { diagnose } from '../diagnose.ts';

const LOSSES = countersFixture({ insertFailed: 40, drop: 40, found: 480 });
const KEEPS_PORTS = {
  sourceNat: [ruleFixture({ random: 'none', match: { other: [] } })],
  dnatPorts: [],
  untrackedPorts: [],
};
const FLOWS = flowsFixture(100);

describe('race', () => {
  it('warns when packets are lost with ports to spare and the rule keeps source ports', () => {
    const finding = findingOf(nodeFactsFixture({ flows: FLOWS, counters: LOSSES, natRules: KEEPS_PORTS }), 'race');
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'high',
      numbers: { lostPerSecond: { value: 20 }, probesPerLoss: { value: 12 } },
    });
    expect(finding?.remedy).toContain('--random-fully');
    const { losses } = diagnose(nodeFactsFixture({ flows: FLOWS, counters: LOSSES, natRules: KEEPS_PORTS }));
    expect(losses).toMatchObject({ snat: 40, areRaces: true });
  });

  it('is a note when the rules choose at random and few of many are lost', () => {
    const facts = nodeFactsFixture({
      flows: FLOWS,
      counters: countersFixture({ insertFailed: 4, drop: 4, found: 40 }),
      arrivals: arrivalsFixture(90_000),
    });
    expect(findingOf(facts, 'race')).toMatchObject({
      severity: 'info',
      confidence: 'low',
      confidenceReason: expect.stringContaining('same counter'),
    });
  });

  it('is silent without losses, after one clash, and when a space is full', () => {
    expect(findingOf(nodeFactsFixture({ flows: FLOWS, natRules: KEEPS_PORTS }), 'race')).toBeUndefined();
    expect(
      findingOf(nodeFactsFixture({ flows: FLOWS, counters: countersFixture({ insertFailed: 1, drop: 1 }) }), 'race'),
    ).toBeUndefined();
    const full = nodeFactsFixture({
      range: { first: 40_000, last: 40_999 },
      flows: flowsFixture(1000, { port: 40_000 }),
      counters: LOSSES,
    });
    expect(findingOf(full, 'race')).toBeUndefined();
    expect(diagnose(full).losses).not.toHaveProperty('areRaces');
  });

  it('does not count losses to the hash-chain limit', () => {
    const counters = countersFixture({ insertFailed: 40, chainTooLong: 40, drop: 0, found: 10 });
    expect(findingOf(nodeFactsFixture({ flows: FLOWS, counters, natRules: KEEPS_PORTS }), 'race')).toBeUndefined();
  });

  it('cannot speak without counters, and is less sure without all rules', () => {
    expect(
      findingOf(nodeFactsFixture({ flows: FLOWS, counters: undefined, gaps: [gapFixture('counters')] }), 'race'),
    ).toBeUndefined();
    const facts = nodeFactsFixture({
      flows: FLOWS,
      counters: LOSSES,
      natRules: KEEPS_PORTS,
      gaps: [gapFixture('nat-rules-legacy')],
    });
    expect(findingOf(facts, 'race')).toMatchObject({ confidence: 'medium', gaps: ['nat-rules-legacy'] });
  });
});
