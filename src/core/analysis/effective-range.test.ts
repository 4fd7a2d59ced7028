import { describe, expect, it } from 'vitest';
import { calicoRulesFixture, ruleFixture } from '../../../test/analysis/node-facts-fixture.ts';
import { ICMP, SCTP, TCP, UDP } from '../model/protocol.ts';
import { effectiveRange, egressRules } from './effective-range.ts';

const CALICO = { first: 32_768, last: 65_535 };
const UNSET = { first: 1024, last: 65_535 };
const RULES = calicoRulesFixture(CALICO);

function evenly(count: number, range: { first: number; last: number }): number[] {
  return Array.from(
    { length: count },
    (_, index) => range.first + Math.floor((index * (range.last - range.first)) / (count - 1)),
  );
}

describe('effectiveRange', () => {
  it('is the range of the first egress rule that takes the protocol', () => {
    expect(effectiveRange(RULES, { protocol: TCP, family: 4 })).toMatchObject({
      range: CALICO,
      isDefault: false,
      owner: 'calico',
    });
    expect(effectiveRange(RULES, { protocol: UDP, family: 4 })).toMatchObject({ range: CALICO, isDefault: false });
    expect(effectiveRange(RULES, { protocol: SCTP, family: 4 })).toMatchObject({
      range: UNSET,
      isDefault: true,
      owner: 'calico',
    });
  });

  it('follows the evaluation order, not the order of the list, and ignores rules for other traffic and families', () => {
    const other = { first: 20_000, last: 29_999 };
    const first = ruleFixture({ order: 0, range: other });
    expect(effectiveRange([...RULES, first], { protocol: TCP, family: 4 }).range).toEqual(other);
    const ignored = [
      { ...first, scope: 'service-mark' },
      { ...first, scope: 'tunnel' },
      { ...first, family: 'ip6' },
    ] as const;
    for (const rule of ignored)
      expect(effectiveRange([rule, ...RULES], { protocol: TCP, family: 4 }).range).toEqual(CALICO);
    expect(egressRules([{ ...first, action: { kind: 'accept' } }], TCP, 4)).toEqual([]);
  });

  it("is IPv6's own for IPv6, and that of an inet rule for both families", () => {
    const own = { first: 50_000, last: 50_999 };
    const ipv6 = ruleFixture({ order: 0, family: 'ip6', range: own });
    expect(effectiveRange([ipv6, ...RULES], { protocol: TCP, family: 6 }).range).toEqual(own);
    expect(effectiveRange([ipv6, ...RULES], { protocol: TCP, family: 4 }).range).toEqual(CALICO);
    for (const family of [4, 6] as const)
      expect(effectiveRange([{ ...ipv6, family: 'inet' }], { protocol: TCP, family }).range).toEqual(own);
  });

  it('is the default without a rule: 1024-65535, or every echo identifier', () => {
    expect(effectiveRange([], { protocol: TCP, family: 4 })).toEqual({
      range: UNSET,
      isDefault: true,
      owner: 'unknown',
    });
    expect(effectiveRange([], { protocol: ICMP, family: 4 }).range).toEqual({ first: 0, last: 65_535 });
  });

  it('believes new flows outside the range over the rule, and says so', () => {
    const witness = { ports: evenly(400, UNSET), newest: { first: 2000, last: 60_000 } };
    const effective = effectiveRange(RULES, { protocol: TCP, family: 4, witness });
    expect(effective).toMatchObject({ range: UNSET, isDefault: true });
    expect(effective.note).toContain('flows that began just now use 2000-60000');
  });

  it('keeps the rule when only old flows, or one stray new one, lie outside', () => {
    const old = { ports: evenly(400, UNSET), newest: { first: 33_000, last: 60_000 } };
    const stray = { ports: evenly(400, CALICO), newest: { first: 2000, last: 60_000 } };
    for (const witness of [old, stray])
      expect(effectiveRange(RULES, { protocol: TCP, family: 4, witness }).range).toEqual(CALICO);
  });

  it('passes over an earlier rule without a range when every flow is inside the later range', () => {
    const rules = [ruleFixture({ order: 0, owner: 'docker' }), ...RULES];
    expect(effectiveRange(rules, { protocol: TCP, family: 4, witness: { ports: evenly(40, CALICO) } })).toMatchObject({
      range: CALICO,
      owner: 'calico',
    });
    expect(effectiveRange(rules, { protocol: TCP, family: 4, witness: { ports: evenly(10, CALICO) } })).toMatchObject({
      range: UNSET,
      owner: 'docker',
    });
  });

  it('infers the range from the ports seen when no rule was read', () => {
    expect(effectiveRange([], { protocol: TCP, family: 4, witness: { ports: evenly(500, CALICO) } })).toMatchObject({
      range: CALICO,
      isDefault: false,
      owner: 'unknown',
    });
    expect(
      effectiveRange([], { protocol: TCP, family: 4, witness: { ports: evenly(500, { first: 1030, last: 65_500 }) } })
        .range,
    ).toEqual(UNSET);
    expect(
      effectiveRange([], { protocol: TCP, family: 4, witness: { ports: evenly(300, { first: 40_000, last: 40_299 }) } })
        .range,
    ).toEqual({ first: 40_000, last: 40_299 });
  });
});
