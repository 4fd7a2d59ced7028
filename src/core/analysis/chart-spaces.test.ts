import { describe, expect, it } from 'vitest';
import {
  calicoRulesFixture,
  datagramsFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { DST_NAT, SEEN_REPLY, SRC_NAT } from '../model/flow-status.ts';
import type { NatRule } from '../model/nat-rule.ts';
import { TCP, UDP } from '../model/protocol.ts';
import type { PortSpaceVerdict } from './diagnosis.ts';
import { diagnose } from './diagnose.ts';

const NARROW = { first: 40_000, last: 40_299 };
const WIDE = { first: 10_000, last: 60_000 };
const HELD = datagramsFixture(299, { port: 40_000, source: '10.244.1.7', sourcePort: 33_000 });
const CALICO_UDP = ruleFixture({ order: 5, range: NARROW, match: { protocol: UDP, other: [] } });

function firstRow(
  earlier: NatRule,
  flows = HELD,
  later: readonly NatRule[] = [CALICO_UDP],
): PortSpaceVerdict | undefined {
  const natRules = { sourceNat: [earlier, ...later], dnatPorts: [], untrackedPorts: [] };
  return diagnose(nodeFactsFixture({ flows, natRules })).portSpaces[0];
}

function earlier(match: Partial<NatRule['match']>, random: 'none' | 'random-fully' = 'none'): NatRule {
  return ruleFixture({
    order: 0,
    owner: 'unknown',
    range: WIDE,
    random,
    match: { protocol: UDP, other: [], ...match },
  });
}

describe('the range of a port space', () => {
  it('is not decided by an earlier rule for another source, destination, port or address', () => {
    const others = [
      earlier({ source: '10.99.0.0/16' }),
      earlier({ source: '!10.244.0.0/16' }),
      earlier({ destination: '198.51.100.0/24' }),
      earlier({ destination: '!203.0.113.9' }),
      earlier({ destinationPort: { first: 123, last: 123 } }),
      { ...earlier({}), action: { kind: 'snat', addresses: ['192.0.2.77'], random: 'none' } } as const,
    ];
    for (const rule of others) {
      const row = firstRow(rule);
      expect(row?.effective).toMatchObject({ range: NARROW, owner: 'calico' });
      expect(row).toMatchObject({ capacityPorts: 300, severity: 'critical' });
    }
  });

  it('is decided by an earlier rule that can take the flows, when the ports do not speak against it', () => {
    const spread = scatter(datagramsFixture(299, { source: '10.244.1.7' }), WIDE);
    for (const match of [{ source: '10.244.0.0/16' }, { source: '@pods' }, {}])
      expect(firstRow(earlier(match), spread)?.effective.range).toEqual(WIDE);
    expect(firstRow(earlier({}), HELD.slice(0, 1))?.effective.range).toEqual(WIDE);
  });

  it('is the later, narrower one when every port lies inside it, which luck does not explain', () => {
    for (const random of ['none', 'random-fully'] as const)
      expect(firstRow(earlier({ source: '@vpn' }, random))?.effective).toMatchObject({
        range: NARROW,
        note: expect.stringContaining('an earlier rule (an unknown program) allows 10000-60000'),
      });
  });

  it('takes ports that a rule without a random flag kept for no witness', () => {
    const kept = flowsFixture(500, { port: 40_000 });
    const rules = [ruleFixture({ order: 5, range: { first: 32_768, last: 65_535 }, match: { other: [] } })];
    const first = ruleFixture({ order: 0, owner: 'flannel', random: 'none', match: { other: [] } });
    expect(firstRow(first, kept, rules)?.effective.owner).toBe('flannel');
    const random = { ...first, action: { kind: 'masquerade', random: 'random-fully' } } as const;
    expect(firstRow(random, kept, rules)?.effective.owner).toBe('calico');
  });

  it('is that of the rule that takes most of the flows when sources differ, and says so', () => {
    const few = datagramsFixture(100, { port: 20_000, source: '10.99.0.5', sourcePort: 33_000 });
    const row = firstRow(earlier({ source: '10.99.0.0/16' }), [...HELD, ...few]);
    expect(row?.effective).toMatchObject({
      range: NARROW,
      note: '25 % of the flows come from sources that another rule takes',
    });
  });

  it("is kube-proxy's for redirected flows whose ports do not fit the egress rule", () => {
    const marked = ruleFixture({
      order: 0,
      owner: 'kube-proxy',
      scope: 'service-mark',
      path: ['POSTROUTING', 'KUBE-POSTROUTING'],
      match: { mark: '0x4000/0x4000', other: [] },
    });
    const calico = calicoRulesFixture({ first: 32_768, last: 65_535 }).map((rule) => ({
      ...rule,
      order: rule.order + 1,
    }));
    const flows = (status: number): ReturnType<typeof flowsFixture> =>
      scatter(flowsFixture(1000, { remote: '10.244.1.10', remotePort: 8080, source: '198.51.100.7', status }), {
        first: 1024,
        last: 65_535,
      });
    expect(firstRow(marked, flows(SRC_NAT | DST_NAT | SEEN_REPLY), calico)).toMatchObject({
      usedPorts: 1000,
      capacityPorts: 64_512,
      effective: { owner: 'kube-proxy', isDefault: true },
    });
    expect(firstRow(marked, flows(SRC_NAT | SEEN_REPLY), calico)?.effective.owner).toBe('calico');
  });

  it('is inferred, and nobody is named, when the rules could not be read', () => {
    const natRules = { sourceNat: [], dnatPorts: [], untrackedPorts: [] };
    const wide = scatter(flowsFixture(1000), { first: 1024, last: 65_535 });
    const diagnosis = diagnose(nodeFactsFixture({ flows: wide, natRules, gaps: [gapFixture('nat-rules')] }));
    for (const effective of [diagnosis.portSpaces[0]?.effective, diagnosis.ranges[0]?.effective])
      expect(effective).toMatchObject({
        owner: 'unknown',
        isDefault: false,
        note: expect.stringMatching(/^inferred from the ports seen .*: the rules could not be read$/),
      });
  });

  it('is the narrowest when spaces are chosen for charting', () => {
    const busy = Array.from({ length: 9 }, (_, index) => flowsFixture(700, { port: 2000, remotePort: 8000 + index }));
    const tcp = ruleFixture({ order: 6, range: { first: 1024, last: 65_535 }, match: { protocol: TCP, other: [] } });
    const natRules = {
      sourceNat: [earlier({ source: '10.99.0.0/16' }), CALICO_UDP, tcp],
      dnatPorts: [],
      untrackedPorts: [],
    };
    const diagnosis = diagnose(nodeFactsFixture({ flows: [...busy.flat(), ...HELD], natRules }));
    expect(diagnosis.portSpaces[0]).toMatchObject({ usedPorts: 299, severity: 'critical' });
  });
});
