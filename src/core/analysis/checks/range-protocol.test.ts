import { describe, expect, it } from 'vitest';
import { TCP, UDP } from '../../model/protocol.ts';
import { findingOf } from '../../../../test/analysis/finding-of.ts';
import {
  calicoRulesFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../../../../test/analysis/node-facts-fixture.ts';

const RANGE = { first: 32_768, last: 65_535 };

function withRules(...sourceNat: ReturnType<typeof calicoRulesFixture>): ReturnType<typeof nodeFactsFixture> {
  return nodeFactsFixture({ natRules: { sourceNat, dnatPorts: [], untrackedPorts: [] } });
}

describe('range-protocol', () => {
  it('warns when only TCP has the range, or only UDP', () => {
    const tcpOnly = withRules(ruleFixture({ order: 1, range: RANGE }), ruleFixture({ order: 2, match: { other: [] } }));
    expect(findingOf(tcpOnly, 'range-protocol')).toMatchObject({ severity: 'warning', confidence: 'high' });
    expect(findingOf(tcpOnly, 'range-protocol')?.sentence).toContain('set for tcp only; udp egress uses 1024-65535');
    const udpOnly = withRules(
      ruleFixture({ order: 1, range: RANGE, match: { protocol: UDP, other: [] } }),
      ruleFixture({ order: 2, match: { other: [] } }),
    );
    expect(findingOf(udpOnly, 'range-protocol')?.sentence).toContain('set for udp only');
  });

  it('notes that no range is set, and what random ports then mean', () => {
    expect(findingOf(withRules(...calicoRulesFixture(undefined)), 'range-protocol')).toMatchObject({
      severity: 'info',
    });
    expect(findingOf(withRules(...calicoRulesFixture(undefined)), 'range-protocol')?.sentence).toContain(
      'NodePorts (30000-32767) included',
    );
    const keeps = withRules(ruleFixture({ random: 'none', match: { other: [] } }));
    expect(findingOf(keeps, 'range-protocol')?.sentence).toContain("keeps the pod's own port");
  });

  it('is silent when both have the range, and when nothing is masqueraded', () => {
    expect(findingOf(nodeFactsFixture(), 'range-protocol')).toBeUndefined();
    expect(findingOf(withRules(), 'range-protocol')).toBeUndefined();
    expect(
      findingOf(withRules(ruleFixture({ match: { protocol: TCP, other: [] } })), 'range-protocol'),
    ).toBeUndefined();
  });

  it('is silent when both ranges are the same, whether a rule names them or not', () => {
    const same = withRules(
      ruleFixture({ order: 1, range: { first: 1024, last: 65_535 } }),
      ruleFixture({ order: 2, match: { other: [] } }),
    );
    expect(findingOf(same, 'range-protocol')).toBeUndefined();
    const shadowed = withRules(
      ruleFixture({ order: 0, owner: 'ip-masq-agent', match: { other: [] } }),
      ruleFixture({ order: 1, range: RANGE }),
    );
    expect(findingOf(shadowed, 'range-protocol')).toBeUndefined();
  });

  it("does not take libvirt's ranges for those of pods", () => {
    const match = { source: '192.168.122.0/24', other: [] };
    const libvirt = ruleFixture({ order: 0, owner: 'libvirt', range: RANGE, match });
    expect(findingOf(withRules(libvirt, ...calicoRulesFixture(undefined)), 'range-protocol')?.severity).toBe('info');
  });

  it('leaves a range that an earlier rule shadows to rule-order', () => {
    const earlier = ruleFixture({ order: 0, owner: 'ip-masq-agent', match: { other: [] } });
    expect(findingOf(withRules(earlier, ...calicoRulesFixture(RANGE)), 'range-protocol')).toBeUndefined();
  });

  it('is less sure when legacy rules were not read', () => {
    const facts = { ...withRules(...calicoRulesFixture(undefined)), gaps: [gapFixture('nat-rules-legacy')] };
    expect(findingOf(facts, 'range-protocol')).toMatchObject({ confidence: 'medium', gaps: ['nat-rules-legacy'] });
  });
});
