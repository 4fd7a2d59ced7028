// Rulesets loaded into a kernel: the text of `nft list ruleset` gives the rules that `nft -j` and the kernel's own bytes give.
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/model/address.ts';
import { natRulesOf } from '../../src/core/nat-rules/nat-rules-of.ts';
import { parseNftJson } from '../../src/dumps/rules/parse-nft-json.ts';
import { parseNftText } from '../../src/dumps/rules/parse-nft-text.ts';
import { inNamespace } from '../nat-rules/in-namespace.ts';
import { ourRules } from '../nat-rules/seen-rule.ts';

const LOCAL = ['127.0.0.1', '::1'].flatMap((text) => parseAddress(text) ?? []);
const RULESETS = ['calico-native', 'kube-proxy', 'split-range', 'many-forms', 'maps-and-sets'];
const IPSETS = ['cali40masq-ipam-pools', 'cali40network-ip-pools'];
const FLAGS = [[], ['-a'], ['-n'], ['-nn'], ['-nnn'], ['-a', '-nn'], ['-s']];

function rulesOf(text: string) {
  const { tables, cut } = parseNftText(text);
  expect(cut).toEqual([]);
  return natRulesOf(tables, LOCAL);
}

/** What the kernel says, what `nft -j` prints, and the text for each set of flags. */
function load(program: string, args: readonly string[], file: string) {
  const { reading, oracles } = inNamespace({
    ipsets: IPSETS,
    setup: [{ program, args, input: file }],
    oracles: [['-j'], ...FLAGS].map((flags) => ({ program: 'nft', args: [...flags, 'list', 'ruleset'] })),
  });
  const [json = '', ...texts] = oracles;
  return { reading, json, texts };
}

function withoutOthers({ value }: ReturnType<typeof rulesOf>): unknown {
  return value.sourceNat.map((rule) => ({ ...rule, match: { ...rule.match, other: [] } }));
}

describe('nft list ruleset', () => {
  it.each(RULESETS)('says of %s what nft -j says', (name) => {
    const { reading, json, texts } = load('nft', ['-f', '-'], `${name}.nft`);
    const wanted = natRulesOf(parseNftJson(json) ?? [], LOCAL);
    expect(wanted.value.sourceNat.length).toBeGreaterThan(0);
    const withoutCounters = natRulesOf(
      parseNftJson(json.replaceAll(/\{"packets": \d+, "bytes": \d+\}/g, 'null')) ?? [],
      LOCAL,
    );
    for (const [index, flags] of FLAGS.entries()) {
      const text = texts[index] ?? '';
      const expected = flags.includes('-s') ? withoutCounters : wanted;
      // With -n names of states and flags are numbers too.
      const compared = flags.some((flag) => flag.startsWith('-n'))
        ? withoutOthers
        : (rules: typeof wanted): unknown => rules;
      expect(compared(rulesOf(text)), text).toEqual(compared(expected));
      expect(compared(rulesOf(text.replaceAll('\n', '\r\n')))).toEqual(compared(expected));
    }
    expect(ourRules(wanted.value.sourceNat)).toEqual(ourRules(reading.value.sourceNat));
    expect(wanted.value.untrackedPorts).toEqual(reading.value.untrackedPorts);
    expect(wanted.value.dnatPorts).toEqual(reading.value.dnatPorts);
  });

  it.each(['calico-native', 'kube-proxy'])('says of %s what the kernel says', (name) => {
    const { reading, texts } = load('nft', ['-f', '-'], `${name}.nft`);
    expect(rulesOf(texts[0] ?? '')).toEqual({ value: reading.value, gaps: reading.gaps });
  });
});

describe('what iptables-nft wrote, as nft shows it', () => {
  it.each(['calico-new-order', 'kube-proxy', 'flannel', 'docker', 'many-forms', 'match-forms', 'aws'])(
    'has no range for %s that the kernel has not',
    (name) => {
      const { reading, texts } = load('iptables-nft-restore', ['-c'], `${name}.rules`);
      const { value, gaps } = rulesOf(texts[0] ?? '');
      const wanted = ourRules(reading.value.sourceNat);
      const seen = ourRules(value.sourceNat);
      if (gaps.length === 0) expect(seen).toEqual(wanted);
      for (const rule of seen) expect(wanted).toContainEqual(rule);
    },
  );
});

describe('text of nft that no test machine prints', () => {
  const chain = (...rules: readonly string[]): string =>
    [
      'table ip nat {',
      '\tchain POSTROUTING {',
      '\t\ttype nat hook postrouting priority 100; policy accept;',
      ...rules.map((rule) => `\t\t${rule}`),
      '\t}',
      '}',
      '',
    ].join('\n');
  const first = (text: string) => rulesOf(text).value.sourceNat[0];

  it.each([
    ['nft without libxtables', 'ip saddr 10.244.0.0/16 counter packets 5 bytes 300 # xt_MASQUERADE'],
    ['nft 1.0.7 and later', 'ip saddr 10.244.0.0/16 counter packets 5 bytes 300 xt target "MASQUERADE"'],
    ['nft 1.0.6', 'ip saddr 10.244.0.0/16 counter packets 5 bytes 300 xt target MASQUERADE'],
  ])('claims no range for what it does not print: %s', (_, rule) => {
    const { value, gaps } = rulesOf(chain(rule));
    expect(value.sourceNat).toEqual([]);
    expect(gaps.map(({ id, what }) => [id, what])).toEqual([
      ['nat-rule-unknown', 'what `target MASQUERADE` does in a rule of ip nat POSTROUTING'],
    ]);
  });

  it('names a match that it does not print, and goes on behind it', () => {
    const rule =
      'meta l4proto tcp # xt_set # xt_comment counter packets 2 bytes 120 masquerade to :32768-65535 fully-random';
    const { value, gaps } = rulesOf(chain(rule));
    expect(value.sourceNat.map(({ action, match, packets }) => [action, match.other, packets])).toEqual([
      [
        { kind: 'masquerade', random: 'random-fully', range: { first: 32_768, last: 65_535 } },
        ['match set', 'match comment'],
        2,
      ],
    ]);
    expect(gaps).toHaveLength(2);
  });

  it.each([
    [
      'names of services, as nft 0.9 prints them',
      'tcp dport https masquerade to :http-alt',
      { first: 443, last: 443 },
      { first: 8080, last: 8080 },
    ],
    [
      'old words for bits',
      'mark and 0x4000 == 0x4000 tcp dport 80 masquerade to :1024-2047 random',
      { first: 80, last: 80 },
      { first: 1024, last: 2047 },
    ],
  ])('reads %s', (_, rule, destinationPort, range) => {
    const read = first(chain(rule));
    expect(read?.match.destinationPort).toEqual(destinationPort);
    expect(read?.action).toMatchObject({ kind: 'masquerade', range });
  });

  it.each([
    'tcp dport nonsense-service masquerade',
    'frobnicate 12 masquerade to :1024-2047',
    'masquerade to :numgen random mod 2 map { 0 : 5, 1 : 6 } fully-random',
    'snat to ip saddr map @addresses',
  ])('names what it does not understand: %s', (rule) => {
    expect(rulesOf(chain(rule)).gaps).not.toEqual([]);
  });

  it.each([
    ['a log with a brace and a quote sign', 'log prefix "a } { b" counter packets 1 bytes 2 masquerade to :5-6'],
    ['a comment with words of nft', 'masquerade to :5-6 comment "snat to { drop; # }"'],
    [
      'a counter by name, a limit, a meter',
      'counter name "x" limit rate over 10 mbytes/second burst 5 packets update @s { ip saddr timeout 5s } masquerade to :5-6',
    ],
    ['a reject before', 'ip daddr 10.0.0.1 reject with tcp reset\n\t\tmasquerade to :5-6'],
    ['a mark that is set from a map', 'meta mark set ip saddr map { 10.0.0.1 : 0x00000001 } masquerade to :5-6'],
    ['flags of TCP', 'tcp flags & (fin | syn | rst | ack) == syn masquerade to :5-6'],
    ['a set without spaces', 'tcp dport {80,443} masquerade to :5-6'],
    [
      'an element with a comment and a timeout',
      'tcp dport vmap { 80 timeout 5s expires 3s comment "a : b, c" : continue } masquerade to :5-6',
    ],
  ])('reads on behind %s', (_, rule) => {
    const actions = rulesOf(chain(rule)).value.sourceNat.map(({ action }) => action);
    expect(actions).toContainEqual({ kind: 'masquerade', random: 'none', range: { first: 5, last: 6 } });
  });

  it('is read as far as it goes, and the cut is named', () => {
    const whole = chain('masquerade to :5-6');
    const { tables, cut } = parseNftText(
      `$ sudo nft list ruleset\n# Warning: table ip nat is managed by iptables-nft, do not touch!\n${whole.slice(0, -4)}`,
    );
    expect(cut).toEqual(['ip nat']);
    expect(natRulesOf(tables, LOCAL).value.sourceNat).toHaveLength(1);
  });

  it('leaves dormant tables out, as the kernel does', () => {
    expect(parseNftText(chain('masquerade').replace('{', '{\n\tflags dormant')).tables).toEqual([]);
  });

  it('never throws and never waits, cut at any place', () => {
    const whole = chain(
      'ip saddr { 10.0.0.1, 10.0.0.2 } tcp dport vmap { 80 : accept, 81 : jump x } snat to [2001:db8::9]:1-2 comment "x"',
    );
    for (let length = 0; length <= whole.length; length += 1) {
      const { tables } = parseNftText(whole.slice(0, length));
      natRulesOf(tables, LOCAL);
    }
  });
});
