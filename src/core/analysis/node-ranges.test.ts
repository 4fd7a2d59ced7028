import { describe, expect, it } from 'vitest';
import {
  type FlowFixture,
  calicoRulesFixture,
  flowsFixture,
  nodeFactsFixture,
  ruleFixture,
  scatter,
} from '../../../test/analysis/node-facts-fixture.ts';
import { DST_NAT, SEEN_REPLY, SRC_NAT } from '../model/flow-status.ts';
import type { NatRule } from '../model/nat-rule.ts';
import { TCP, UDP } from '../model/protocol.ts';
import type { Diagnosis } from './diagnosis.ts';
import { diagnose } from './diagnose.ts';

const UNSET = { first: 1024, last: 65_535 };
const CALICO = { first: 32_768, last: 65_535 };
const PODS = flowsFixture(5, { source: '10.244.1.7', port: 33_000 });
const LIBVIRT = [TCP, UDP].map((protocol, order) =>
  ruleFixture({
    order,
    owner: 'libvirt',
    path: ['POSTROUTING', 'LIBVIRT_PRT'],
    range: UNSET,
    random: 'none',
    match: { protocol, source: '192.168.122.0/24', destination: '!192.168.122.0/24', other: [] },
  }),
);
const DOCKER = ruleFixture({
  order: 0,
  owner: 'docker',
  random: 'none',
  match: { source: '172.17.0.0/16', outInterface: '!docker0', other: [] },
});
const VPN = ruleFixture({ order: 0, owner: 'unknown', range: UNSET, match: { source: '10.8.0.0/24', other: [] } });
const NARROW = ruleFixture({
  order: 0,
  owner: 'unknown',
  range: UNSET,
  match: { destination: '10.9.0.0/16', other: [] },
});

function calico(): NatRule[] {
  return calicoRulesFixture(CALICO).map((rule) => ({ ...rule, order: rule.order + 10 }));
}

function rangesOf(sourceNat: readonly NatRule[], flows: readonly FlowFixture[] = []): Diagnosis['ranges'] {
  return diagnose(nodeFactsFixture({ flows, natRules: { sourceNat, dnatPorts: [], untrackedPorts: [] } })).ranges;
}

describe('the ranges of a node', () => {
  it("are not decided by the rules of Docker's and libvirt's bridges, a VPN or one destination", () => {
    for (const earlier of [LIBVIRT, [DOCKER], [VPN], [NARROW]])
      for (const flows of [[], PODS])
        expect(rangesOf([...earlier, ...calico()], flows)).toMatchObject([
          { protocol: 'tcp', effective: { range: CALICO, owner: 'calico' } },
          { protocol: 'udp', effective: { range: CALICO, owner: 'calico' } },
        ]);
  });

  it("are the bridge's when there is no other rule", () => {
    expect(rangesOf([DOCKER])[0]?.effective.owner).toBe('docker');
    expect(rangesOf([DOCKER], flowsFixture(3, { source: '172.17.0.2' }))[0]?.effective.owner).toBe('docker');
  });

  it('are those of an earlier rule that takes pods and gives ports outside the later range', () => {
    const flows = scatter(flowsFixture(60, { source: '10.244.1.7' }), UNSET);
    const earlier = ruleFixture({ order: 0, owner: 'unknown', match: { source: '10.244.0.0/16', other: [] } });
    expect(rangesOf([earlier, ...calico()], flows)[0]?.effective).toMatchObject({ isDefault: true, owner: 'unknown' });
  });

  it('do not heed flows to Services, which another rule masquerades', () => {
    const status = SRC_NAT | DST_NAT | SEEN_REPLY;
    const flows = scatter(flowsFixture(1000, { remote: '10.244.1.10', source: '198.51.100.7', status }), UNSET);
    expect(rangesOf(calico(), flows)[0]?.effective).toMatchObject({ range: CALICO, owner: 'calico' });
  });

  it('name IPv6 only where it differs', () => {
    const ipv6 = (range: typeof UNSET): NatRule[] =>
      calicoRulesFixture(range).map((rule) => ({ ...rule, family: 'ip6' as const, order: rule.order + 20 }));
    expect(rangesOf([...calico(), ...ipv6(CALICO)]).map(({ protocol }) => protocol)).toEqual(['tcp', 'udp']);
    expect(rangesOf([...calico(), ...ipv6({ first: 50_000, last: 50_999 })])).toMatchObject([
      { protocol: 'tcp', effective: { range: CALICO } },
      { protocol: 'udp', effective: { range: CALICO } },
      { protocol: 'tcp (IPv6)', effective: { range: { first: 50_000 } } },
      { protocol: 'udp (IPv6)', effective: { range: { first: 50_000 } } },
    ]);
    expect(rangesOf(ipv6(CALICO)).map(({ protocol }) => protocol)).toEqual(['tcp', 'udp']);
  });

  it('leave out a protocol that nothing translates', () => {
    expect(rangesOf([])).toEqual([]);
    const tcp = ruleFixture({ range: CALICO });
    expect(rangesOf([tcp]).map(({ protocol }) => protocol)).toEqual(['tcp']);
    expect(rangesOf([], flowsFixture(3)).map(({ protocol }) => protocol)).toEqual(['tcp']);
  });
});
