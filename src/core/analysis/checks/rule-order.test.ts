import { describe, expect, it } from 'vitest';
import type { NatRule } from '../../model/nat-rule.ts';
import { findingOf } from '../../../../test/analysis/finding-of.ts';
import {
  type FlowFixture,
  calicoRulesFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGED = calicoRulesFixture({ first: 32_768, last: 65_535 });
const EARLIER = ruleFixture({
  order: 0,
  owner: 'ip-masq-agent',
  path: ['POSTROUTING', 'IP-MASQ-AGENT'],
  match: { other: [] },
});

function facts(
  earlier: NatRule,
  flows: readonly FlowFixture[] = flowsFixture(40, { port: 20_000 }),
): ReturnType<typeof nodeFactsFixture> {
  return nodeFactsFixture({ flows, natRules: { sourceNat: [...RANGED, earlier], dnatPorts: [], untrackedPorts: [] } });
}

describe('rule-order', () => {
  it('warns when an earlier rule without a range takes pod traffic, and is sure when flows use other ports', () => {
    const finding = findingOf(facts(EARLIER), 'rule-order');
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'high',
      numbers: { outsideShare: { value: 1, unit: 'share' } },
    });
    expect(finding?.sentence).toContain('ip-masq-agent, nat IP-MASQ-AGENT');
  });

  it('rests on the rules alone when few flows were seen', () => {
    expect(findingOf(facts(EARLIER, []), 'rule-order')?.confidence).toBe('medium');
  });

  it('is silent for a later rule, a marked or narrow one, another source network, and when every flow is inside the range', () => {
    const silent = [
      facts({ ...EARLIER, order: 9 }),
      facts({ ...EARLIER, match: { mark: '0x4000/0x4000', other: [] } }),
      facts({ ...EARLIER, match: { destination: '198.51.100.0/24', other: [] } }),
      facts({ ...EARLIER, match: { source: '172.17.0.0/16', other: [] } }),
      facts({ ...EARLIER, scope: 'tunnel' }),
      facts(EARLIER, flowsFixture(40, { port: 40_000 })),
    ];
    for (const each of silent) expect(findingOf(each, 'rule-order')).toBeUndefined();
  });

  it('is less sure when a rule was not understood', () => {
    expect(findingOf({ ...facts(EARLIER), gaps: [gapFixture('nat-rule-unknown')] }, 'rule-order')).toMatchObject({
      confidence: 'medium',
      gaps: ['nat-rule-unknown'],
    });
  });
});
