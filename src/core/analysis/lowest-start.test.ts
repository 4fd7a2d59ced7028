import { describe, expect, it } from 'vitest';
import { gapFixture, nodeFactsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { TCP, UDP } from '../model/protocol.ts';
import { lowestStart, vxlanSeen } from './lowest-start.ts';

function claim(port: number, options: Partial<PortClaim> = {}): PortClaim {
  return {
    kind: 'untracked',
    protocol: UDP,
    ports: { first: port, last: port },
    owner: 'calico',
    source: 'raw',
    ...options,
  };
}

describe('lowestStart', () => {
  it('is 1025, above VXLAN while that is not known to be off', () => {
    expect(lowestStart({ claims: [], vxlan: false })).toBe(1025);
    for (const vxlan of [{ vxlan: true }, {}]) expect(lowestStart({ claims: [], ...vxlan })).toBe(4790);
  });

  it('is above every port whose datagrams come back untranslated, unless that costs half of the range', () => {
    expect(lowestStart({ claims: [claim(8472)], vxlan: false })).toBe(8473);
    expect(lowestStart({ claims: [claim(6081, { kind: 'tunnel', owner: 'Geneve' })], vxlan: false })).toBe(6082);
    expect(lowestStart({ claims: [claim(20_000), claim(53)], vxlan: false })).toBe(1025);
    expect(
      lowestStart({ claims: [claim(9000, { protocol: TCP }), claim(9001, { kind: 'listener' })], vxlan: false }),
    ).toBe(1025);
  });
});

describe('vxlanSeen', () => {
  it('sees a device or a raw rule, and does not know what could not be read', () => {
    const facts = nodeFactsFixture();
    expect(vxlanSeen({ ...facts, claims: [claim(10_250, { protocol: TCP, kind: 'listener' })] })).toBe(false);
    expect(vxlanSeen({ ...facts, claims: [] })).toBeUndefined();
    expect(vxlanSeen({ ...facts, claims: [], linksRead: true })).toBe(false);
    expect(vxlanSeen({ ...facts, claims: [], linksRead: true, gaps: [gapFixture('nat-rules')] })).toBeUndefined();
    expect(vxlanSeen({ ...facts, claims: [claim(4789, { kind: 'tunnel', owner: 'Calico VXLAN' })] })).toBe(true);
    const ports = { protocol: UDP, ports: { first: 4789, last: 4789 }, owner: 'calico', where: 'raw' } as const;
    expect(vxlanSeen({ ...facts, natRules: { ...facts.natRules, untrackedPorts: [ports] } })).toBe(true);
    expect(vxlanSeen({ ...facts, gaps: [gapFixture('nat-rules')] })).toBeUndefined();
  });
});
