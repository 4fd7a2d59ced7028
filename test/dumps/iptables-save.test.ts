// Every ruleset of the corpus loaded into a kernel: the text that iptables-save prints gives the rules that the kernel's own bytes give.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NatRule, NatRules } from '../../src/core/model/nat-rule.ts';
import { parseAddress } from '../../src/core/model/address.ts';
import { natRulesOf } from '../../src/core/nat-rules/nat-rules-of.ts';
import { parseIptablesSave } from '../../src/dumps/rules/parse-iptables-save.ts';
import { corpusPath } from '../nat-rules/corpus.ts';
import { inNamespace } from '../nat-rules/in-namespace.ts';

const RULESETS = [
  'calico-old-order',
  'calico-new-order',
  'kube-proxy',
  'flannel',
  'aws',
  'docker',
  'ip-masq-agent',
  'wrong-order',
  'many-forms',
  'match-forms',
];
const IPSETS = ['cali40masq-ipam-pools', 'cali40network-ip-pools'];
/** Those of the namespace the rulesets are loaded in. */
const LOCAL = ['127.0.0.1', '::1'].flatMap((text) => parseAddress(text) ?? []);

type Backend = 'iptables-nft' | 'iptables-legacy' | 'ip6tables-nft' | 'ip6tables-legacy';

/** What the kernel says, and what the program prints with counters, without, and as a listing of commands. */
function load(file: string, backend: Backend) {
  const { reading, oracles } = inNamespace({
    ipsets: IPSETS,
    setup: [{ program: `${backend}-restore`, args: ['-c'], input: file }],
    oracles: [
      { program: `${backend}-save`, args: ['-c'] },
      { program: `${backend}-save`, args: [] },
      { program: backend, args: ['-t', 'nat', '-S', '-v'] },
    ],
  });
  return { reading, counted: oracles[0] ?? '', plain: oracles[1] ?? '', listing: oracles[2] ?? '' };
}

function rulesOf(text: string) {
  const { tables, unread, cut } = parseIptablesSave(text);
  expect({ unread, cut }).toEqual({ unread: 0, cut: [] });
  return natRulesOf(tables, LOCAL);
}

function withoutCounters(rules: NatRules): unknown {
  return { ...rules, sourceNat: rules.sourceNat.map((rule) => without(rule, ['packets', 'bytes'])) };
}

describe.each(['iptables-nft', 'iptables-legacy'] as const)('%s-save', (backend) => {
  it.each(RULESETS)('says of %s what the kernel says', (name) => {
    const { reading, counted, plain, listing } = load(`${name}.rules`, backend);
    expect(reading.value.sourceNat.length + reading.value.dnatPorts.length).toBeGreaterThan(0);
    expect(rulesOf(counted).value).toEqual(reading.value);
    expect(rulesOf(counted).gaps).toEqual(reading.gaps);
    expect(rulesOf(plain).value).toEqual(withoutCounters(reading.value));
    expect(rulesOf(counted.replaceAll('\n', '\r\n')).value).toEqual(reading.value);
    expect(briefly(rulesOf(listing).value)).toEqual(briefly(reading.value));
  });

  it('says of IPv6 what the kernel says', () => {
    const { reading, counted } = load('ipv6.rules', backend === 'iptables-nft' ? 'ip6tables-nft' : 'ip6tables-legacy');
    expect(reading.value.sourceNat.length).toBeGreaterThan(0);
    expect(rulesOf(counted)).toEqual({ value: reading.value, gaps: reading.gaps });
  });
});

/** A listing of one table names no program: which back end it was is a guess, and there is no raw table in it. */
function briefly({ sourceNat, dnatPorts }: NatRules): unknown {
  return { sourceNat: sourceNat.map((rule) => without(rule, ['backend'])), dnatPorts };
}

function without(rule: NatRule, keys: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !keys.includes(key)));
}

describe('text that is not whole', () => {
  const whole = readFileSync(corpusPath('calico-new-order.rules'), 'utf8');

  it('is read as far as it goes, and the cut is named', () => {
    const half = parseIptablesSave(whole.slice(0, whole.length / 2));
    expect(half.cut).toEqual(['nat']);
    expect(half.tables.map(({ name }) => name)).toEqual(['raw', 'nat']);
  });

  it('counts lines that are not its own', () => {
    expect(parseIptablesSave(`\u0000\u0001binary\n${whole}\nkernel panic\n`).unread).toBe(2);
  });

  it('takes the family from the addresses where no program is named', () => {
    const text = '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s fd00::/64 -j MASQUERADE\nCOMMIT\n';
    expect(parseIptablesSave(text).tables.map(({ family }) => family)).toEqual(['ip6']);
  });

  it('names what a rule asks for that is cut inside', () => {
    const { tables } = parseIptablesSave(':POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE --to-ports 1024-x\n');
    const { value, gaps } = natRulesOf(tables, []);
    expect(value.sourceNat).toEqual([]);
    expect(gaps.map(({ what }) => what)).toEqual([
      'what `target MASQUERADE 1024-x` does in a rule of ip nat POSTROUTING',
    ]);
  });
});
