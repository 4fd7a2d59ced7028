// Calico's rules for IPv4 and IPv6 in one kernel: what a change takes for the range at work, and what it would wait for.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeLook } from '../../src/core/advice/change/node-look.ts';
import { nodeLookOfFacts } from '../../src/core/advice/change/node-look-of-facts.ts';
import type { IpPool } from '../../src/core/model/calico/ip-pool.ts';
import { nodeFactsFixture } from '../analysis/node-facts-fixture.ts';
import { corpusPath } from './corpus.ts';
import { inNamespace } from './in-namespace.ts';

const RANGE = { first: 32_768, last: 65_535 };
const OTHER = { first: 1025, last: 65_535 };
// The third is inet6.
const IPSETS = ['cali40masq-ipam-pools', 'cali40network-ip-pools', 'cali60masq-ipam-pools'];

const POOL_6 = pool('fd00:10::/48');
const POOL_4 = pool('10.244.0.0/16');

function pool(cidr: string): IpPool {
  return {
    name: 'a',
    cidr,
    natOutgoing: true,
    disabled: false,
    vxlanMode: 'Never',
    ipipMode: 'Never',
    allowedUses: [],
  };
}

/** As Felix writes them with this range: its chain is the same for both families (felix/rules/nat.go NATOutgoingChain). */
function rules(family: 4 | 6, range = '32768-65535'): string {
  const text = readFileSync(corpusPath('calico-new-order.rules'), 'utf8').replaceAll('32768-65535', range);
  if (family === 4) return text;
  const calico = text.split('\n').filter((line) => !/KUBE|tunl0|raw|NOTRACK/.test(line));
  return calico
    .join('\n')
    .replace(/^[^]*?(?=\*nat)/, '')
    .replaceAll(/cali40[\w-]+/g, 'cali60masq-ipam-pools');
}

/** What a change makes of a node with these rules. */
function judged(given: Partial<Record<4 | 6, string>>, pools: readonly IpPool[], range = RANGE) {
  const setup = ([4, 6] as const).flatMap((family) => {
    const text = given[family];
    return text === undefined
      ? []
      : [{ program: family === 4 ? 'iptables-restore' : 'ip6tables-restore', args: [], text }];
  });
  const { reading } = inNamespace({ ipsets: IPSETS, setup, oracles: [] });
  const look = nodeLookOfFacts(nodeFactsFixture({ natRules: reading.value }), pools);
  const felix = { seen: false, why: 'not asked' } as const;
  const { rule, evidence } = judgeLook({ ...look, felix }, { range, level: 'rules', former: undefined });
  return [rule, evidence.split('; ')[0]];
}

describe('a node that translates IPv4 and IPv6', () => {
  it('has the range when the rules of both families give it', () => {
    const both = { 4: rules(4), 6: rules(6) };
    expect(judged(both, [POOL_4, POOL_6])).toEqual(['yes', 'rule 32768-65535 for TCP and UDP']);
    expect(judged(both, [POOL_4, POOL_6], OTHER)).toEqual(['no', 'rule 32768-65535']);
  });

  it('is waited for until IPv6 has it too, with or without the pools', () => {
    const lagging = { 4: rules(4), 6: rules(6, '1025-65535') };
    expect(judged(lagging, [POOL_4, POOL_6])).toEqual(['no', 'rule 1025-65535 over IPv6']);
    expect(judged(lagging, [POOL_4])).toEqual(['no', 'rule 1025-65535 over IPv6']);
    const before = {
      4: rules(4),
      6: '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\n' + rules(6).slice(5),
    };
    expect(judged(before, [POOL_4, POOL_6])).toEqual([
      'no',
      'a rule of an unknown program in POSTROUTING takes the egress of pods first over IPv6',
    ]);
  });

  it('is judged by the family that is there', () => {
    expect(judged({ 6: rules(6) }, [POOL_6])).toEqual(['yes', 'rule 32768-65535 for TCP and UDP']);
    expect(judged({ 6: rules(6) }, [POOL_6], OTHER)).toEqual(['no', 'rule 32768-65535']);
    expect(judged({ 4: rules(4) }, [POOL_4, POOL_6])).toEqual(['yes', 'rule 32768-65535 for TCP and UDP']);
    expect(judged({}, [POOL_6])).toEqual(['no', 'rule no range']);
    const others = '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s fd00:9::/64 -j MASQUERADE\nCOMMIT\n';
    for (const pools of [[POOL_4], [POOL_4, POOL_6]])
      expect(judged({ 4: rules(4), 6: others }, pools)).toEqual(['yes', 'rule 32768-65535 for TCP and UDP']);
  });
});
