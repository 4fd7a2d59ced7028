import { describe, expect, it } from 'vitest';
import type { NatRule } from '../../model/nat-rule.ts';
import { diagnose } from '../diagnose.ts';
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

  it('is silent for a network that no pod seen is in and that does not hold the network of the later rule', () => {
    const vpn = { ...EARLIER, owner: 'unknown', match: { source: '10.8.0.0/24', other: [] } } as const;
    for (const flows of [[], flowsFixture(40, { port: 20_000 })])
      expect(findingOf(facts(vpn, flows), 'rule-order')).toBeUndefined();
    const all = { ...vpn, match: { source: '10.0.0.0/8', other: [] } };
    expect(findingOf(facts(all), 'rule-order')?.severity).toBe('warning');
    const natRules = {
      sourceNat: [
        all,
        ruleFixture({ order: 2, range: { first: 32_768, last: 65_535 }, match: { source: '10.1.0.0/16', other: [] } }),
      ],
      dnatPorts: [],
      untrackedPorts: [],
    };
    expect(findingOf(nodeFactsFixture({ natRules }), 'rule-order')?.severity).toBe('warning');
  });

  it('is not put at ease by ports that the earlier rule merely kept', () => {
    const keeps = { ...EARLIER, action: { kind: 'masquerade', random: 'none' } } as const;
    expect(findingOf(facts(keeps, flowsFixture(40, { port: 40_000 })), 'rule-order')?.severity).toBe('warning');
    const chosen = flowsFixture(40, { port: 40_000, sourcePort: 50_000 });
    expect(findingOf(facts(keeps, chosen), 'rule-order')).toBeUndefined();
  });

  it('does not give a share of no flow', () => {
    const finding = findingOf(facts(EARLIER, []), 'rule-order');
    expect(finding?.numbers).not.toHaveProperty('outsideShare');
    expect(finding?.because.join(' ')).not.toContain('0 of 0');
  });

  it('says several rules of one owner and table once, with the number and the first of them', () => {
    const earlier = [2, 0, 1].map((order) => ({ ...EARLIER, order: order - 3 }));
    const natRules = { sourceNat: [...RANGED, ...earlier], dnatPorts: [], untrackedPorts: [] };
    const findings = diagnose(nodeFactsFixture({ natRules })).findings.filter(({ check }) => check === 'rule-order');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.sentence).toContain(
      '3 masquerade rules without a port range (ip-masq-agent, nat IP-MASQ-AGENT, the first as number -3) come before',
    );
    expect(findings[0]?.numbers['earlierRules']?.value).toBe(3);
  });

  it('names the kind of rule and who should change what, also when the writer is not known', () => {
    const snat = {
      ...EARLIER,
      owner: 'unknown',
      path: ['POSTROUTING'],
      action: { kind: 'snat', addresses: ['192.0.2.10'], random: 'none' },
    } as const;
    const finding = findingOf(facts(snat, []), 'rule-order');
    expect(finding?.sentence).toMatch(
      /^A source-NAT rule without a port range \(an unknown program, nat POSTROUTING\)/,
    );
    expect(finding?.remedy).toBe(
      'exempt pod traffic from the rule in nat POSTROUTING, or let the program that wrote it leave pod egress to Calico',
    );
  });

  it('is less sure when a rule was not understood', () => {
    expect(findingOf({ ...facts(EARLIER), gaps: [gapFixture('nat-rule-unknown')] }, 'rule-order')).toMatchObject({
      confidence: 'medium',
      gaps: ['nat-rule-unknown'],
    });
  });
});
