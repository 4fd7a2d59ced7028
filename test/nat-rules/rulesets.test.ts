// Rulesets as real programs write them, loaded by their own tools: our reading, and what those tools make of the same namespace.
import { describe, expect, it } from 'vitest';
import { nodePortPlaneOf } from '../../src/core/analysis/node-port-plane.ts';
import type { NatRule, NatRules } from '../../src/core/model/nat-rule.ts';
import { corpusPath } from './corpus.ts';
import { inNamespace } from './in-namespace.ts';
import type { Command, NamespaceResult } from './namespace-plan.ts';
import { parseNft } from './nft-oracle.ts';
import { parseSave } from './save-oracle.ts';
import { ourRules } from './seen-rule.ts';

// The third is inet6.
const IPSETS = [
  'cali40masq-ipam-pools',
  'cali40network-ip-pools',
  'cali60masq-ipam-pools',
  'KUBE-LOOP-BACK',
  'KUBE-NODE-PORT-TCP',
  'KUBE-CLUSTER-IP',
];

function loadNft(file: string): NamespaceResult {
  const setup: Command[] = [{ program: 'nft', args: ['-f', '-'], input: file }];
  return inNamespace({ setup, oracles: [{ program: 'nft', args: ['-j', 'list', 'ruleset'] }] });
}

type Backend = 'iptables-nft' | 'iptables-legacy' | 'ip6tables-nft' | 'ip6tables-legacy';

function loadIptables(file: string, backend: Backend): NamespaceResult {
  return inNamespace({
    ipsets: IPSETS,
    setup: [{ program: `${backend}-restore`, args: ['-c'], input: file }],
    oracles: [{ program: `${backend}-save`, args: ['-c', '-t', 'nat'] }],
  });
}

function brief(rules: NatRules): string[] {
  return rules.sourceNat.map(briefRule);
}

/** Everything a reading says, one line each, to compare with a reviewed file of the corpus. */
function report({ sourceNat, dnatPorts, untrackedPorts }: NatRules): string {
  const rules = sourceNat.map(
    (rule) => `${briefRule(rule)} ${JSON.stringify(rule.match)} ${JSON.stringify(rule.action)}`,
  );
  const dnat = dnatPorts.map((port) => `dnat ${JSON.stringify(port)}`);
  const untracked = untrackedPorts.map((port) => `untracked ${JSON.stringify(port)}`);
  return `${[...rules, ...dnat, ...untracked].join('\n')}\n`;
}

/** `chain tcp 32768-65535 random-fully calico/egress`. */
function briefRule({ path, match, action, owner, scope }: NatRule): string {
  const protocol = { 6: 'tcp', 17: 'udp', 132: 'sctp' }[match.protocol ?? 0] ?? 'any';
  const translates = action.kind === 'masquerade' || action.kind === 'snat';
  const range = translates && action.range !== undefined ? `${action.range.first}-${action.range.last}` : '-';
  const how = translates ? `${action.kind} ${range} ${action.random}` : action.kind;
  return `${path.at(-1)} ${protocol} ${how} ${owner}/${scope}`;
}

const CALICO = [
  'cali-nat-outgoing tcp masquerade 32768-65535 random-fully calico/egress',
  'cali-nat-outgoing tcp return calico/egress',
  'cali-nat-outgoing udp masquerade 32768-65535 random-fully calico/egress',
  'cali-nat-outgoing udp return calico/egress',
  'cali-nat-outgoing any masquerade - random-fully calico/egress',
];
const CALICO_TUNNEL = 'cali-POSTROUTING any masquerade - random-fully calico/tunnel';
const KUBE = [
  'KUBE-POSTROUTING any return kube-proxy/service-mark',
  'KUBE-POSTROUTING any masquerade - random-fully kube-proxy/service-mark',
];

describe('native nftables', () => {
  it('reads Calico', () => {
    const { reading, oracles } = loadNft('calico-native.nft');
    expect(reading.gaps).toEqual([]);
    expect(brief(reading.value)).toEqual([
      ...CALICO.map((line) => `nat-${line}`),
      'nat-cali-POSTROUTING any masquerade - random-fully calico/tunnel',
    ]);
    expect(reading.value.sourceNat[0]).toMatchObject({
      backend: 'nftables',
      path: ['nat-POSTROUTING', 'nat-cali-POSTROUTING', 'nat-cali-nat-outgoing'],
      priority: 110,
      order: 0,
      match: { source: '@cali40masq-ipam-pools', destination: '!@cali40network-ip-pools', other: [] },
      packets: 41,
      bytes: 2460,
      comment: 'cali:tcp-range;',
    });
    expect(reading.value.untrackedPorts).toEqual([
      { protocol: 17, ports: { first: 4789, last: 4789 }, owner: 'calico', where: 'calico raw-cali-PREROUTING' },
    ]);
    expect(ourRules(reading.value.sourceNat)).toEqual(parseNft(oracles[0] ?? ''));
  });

  it('reads kube-proxy with its node ports from a verdict map', () => {
    const { reading, oracles } = loadNft('kube-proxy.nft');
    expect(reading.gaps).toEqual([]);
    expect(brief(reading.value)).toEqual(KUBE.map((line) => line.replace('KUBE-POSTROUTING', 'masquerading')));
    expect(reading.value.sourceNat[1]?.match).toEqual({ mark: '0x4000/0x4000', other: [] });
    expect(reading.value.dnatPorts).toEqual([
      { protocol: 6, ports: { first: 30080, last: 30080 }, owner: 'kube-proxy', where: 'kube-proxy services' },
      { protocol: 17, ports: { first: 30053, last: 30053 }, owner: 'kube-proxy', where: 'kube-proxy services' },
    ]);
    expect(ourRules(reading.value.sourceNat)).toEqual(parseNft(oracles[0] ?? ''));
    expect(nodePortPlaneOf(reading.value)).toBe('kube-proxy-nftables');
  });

  it('reads a range split by a numgen verdict map', () => {
    const { reading, oracles } = loadNft('split-range.nft');
    expect(reading.gaps).toEqual([]);
    expect(brief(reading.value)).toEqual([
      'low tcp masquerade 1024-29999 random-fully portolan/egress',
      'low udp masquerade 1024-29999 random-fully portolan/egress',
      'high tcp masquerade 32768-65535 random-fully portolan/egress',
      'high udp masquerade 32768-65535 random-fully portolan/egress',
    ]);
    expect(reading.value.sourceNat.map(({ match }) => match.other)).toEqual([
      ['numgen random mod 61744 0-28975'],
      ['numgen random mod 61744 0-28975'],
      ['numgen random mod 61744 28976-61743'],
      ['numgen random mod 61744 28976-61743'],
    ]);
    expect(ourRules(reading.value.sourceNat)).toEqual(parseNft(oracles[0] ?? ''));
  });

  it('reads inet, IPv6, guarded jumps, sets, maps and marks', async () => {
    const { reading, oracles } = loadNft('many-forms.nft');
    await expect(report(reading.value)).toMatchFileSnapshot(corpusPath('many-forms.nft.expected'));
    expect(reading.gaps.map(({ id, what }) => `${id}: ${what}`)).toEqual([
      'nat-rule-unknown: what `ports from a map of numgen random mod 3` does in a rule of ip forms post',
    ]);
    expect(reading.complete).toBe(false);
    const ours = ourRules(reading.value.sourceNat);
    const theirs = parseNft(oracles[0] ?? '').filter(
      ({ chain, ports }) => !(chain === 'guarded' && ports === '6000-6001'),
    );
    expect(ours).toEqual(theirs);
  });

  it('reads verdict maps of every key, concatenations, prefixes, ranges and addresses from maps', async () => {
    const { reading, oracles } = loadNft('maps-and-sets.nft');
    await expect(report(reading.value)).toMatchFileSnapshot(corpusPath('maps-and-sets.nft.expected'));
    expect(reading.gaps.map(({ what }) => what)).toEqual([
      'what `addresses from a map of source` does in a rule of ip t y',
      'what `addresses from an unknown register` does in a rule of ip t y',
    ]);
    const own = ourRules(reading.value.sourceNat).filter(({ chain }) => chain === 'y');
    expect(own).toEqual(parseNft(oracles[0] ?? '').filter(({ chain }) => chain === 'y'));
  });

  it('collects ports that DNAT and NOTRACK claim, not those of other addresses', () => {
    const { dnatPorts, untrackedPorts } = loadNft('many-forms.nft').reading.value;
    const text = (claims: typeof dnatPorts): string[] =>
      claims.map(({ protocol, ports }) => `${protocol} ${ports.first}-${ports.last}`);
    expect(text(dnatPorts)).toEqual(['6 81-81', '6 2222-2222', '6 2223-2223', '6 8000-8010', '6 8080-8080']);
    expect(text(untrackedPorts)).toEqual(['17 4789-4789', '17 8472-8472', '17 60000-65535']);
  });

  it('reports no range when the kernel ignores it', () => {
    const { reading, oracles } = inNamespace({
      setup: [
        { program: 'nft', args: ['add table ip raw-masq'] },
        { program: 'nft', args: ['add chain ip raw-masq post { type nat hook postrouting priority 100; }'] },
      ],
      unspecifiedMasquerade: 'post',
      oracles: [{ program: 'nft', args: ['list', 'ruleset'] }],
    });
    expect(oracles[0]).toContain('41000-41099');
    expect(reading.value.sourceNat[0]?.action).toEqual({ kind: 'masquerade', random: 'random-fully' });
    expect(reading.value.sourceNat[0]?.match.other.join()).toContain('41000-41099 ignored by the kernel');
  });
});

describe.each(['iptables-nft', 'iptables-legacy'] as const)('%s', (backend) => {
  const compare = ({ reading, oracles }: NamespaceResult): void => {
    expect(ourRules(reading.value.sourceNat)).toEqual(parseSave(oracles[0] ?? ''));
    expect(reading.value.sourceNat.every((rule) => rule.backend === backend)).toBe(true);
    expect(reading.value.sourceNat.map(({ order }) => order)).toEqual(reading.value.sourceNat.map((_, index) => index));
  };

  it('reads Calico whose jump comes first (until v3.28)', () => {
    const result = loadIptables('calico-old-order.rules', backend);
    expect(result.reading.gaps).toEqual([]);
    expect(brief(result.reading.value)).toEqual([...CALICO, CALICO_TUNNEL, ...KUBE]);
    compare(result);
  });

  it('reads Calico whose jump comes last (since v3.29)', () => {
    const result = loadIptables('calico-new-order.rules', backend);
    expect(brief(result.reading.value)).toEqual([...KUBE, ...CALICO, CALICO_TUNNEL]);
    const range = result.reading.value.sourceNat.find(({ packets }) => packets === 41);
    expect(range).toMatchObject({
      path: ['POSTROUTING', 'cali-POSTROUTING', 'cali-nat-outgoing'],
      match: { protocol: 6, source: '@cali40masq-ipam-pools', destination: '!@cali40network-ip-pools', other: [] },
      comment: 'cali:tcp-range_______',
      bytes: 2460,
    });
    expect(result.reading.value.untrackedPorts).toMatchObject([{ protocol: 17, owner: 'calico' }]);
    compare(result);
  });

  it('reads kube-proxy and its node ports', () => {
    const result = loadIptables('kube-proxy.rules', backend);
    expect(brief(result.reading.value)).toEqual(KUBE);
    expect(result.reading.value.dnatPorts).toEqual([
      { protocol: 6, ports: { first: 30080, last: 30080 }, owner: 'kube-proxy', where: 'nat KUBE-NODEPORTS' },
    ]);
    expect(nodePortPlaneOf(result.reading.value)).toBe('kube-proxy-iptables');
    compare(result);
  });

  it('reads kube-proxy in IPVS mode, whose NodePorts are in no rule', () => {
    const result = loadIptables('kube-proxy-ipvs.rules', backend);
    expect(brief(result.reading.value)).toEqual(['KUBE-POSTROUTING any masquerade - none kube-proxy/other', ...KUBE]);
    expect(result.reading.value.dnatPorts).toEqual([]);
    expect(nodePortPlaneOf(result.reading.value)).toBe('kube-proxy-ipvs');
    compare(result);
  });

  it('does not take other rules for those of a kube-proxy', () => {
    for (const file of ['docker.rules', 'flannel.rules', 'aws.rules'])
      expect(nodePortPlaneOf(loadIptables(file, backend).reading.value)).toBe('unknown');
  });

  it.each(['flannel', 'aws', 'docker', 'ip-masq-agent', 'wrong-order', 'many-forms'])('reads %s', async (name) => {
    const result = loadIptables(`${name}.rules`, backend);
    await expect(report(result.reading.value)).toMatchFileSnapshot(corpusPath(`${name}.rules.expected`));
    expect(result.reading.gaps.map(({ what }) => what)).toEqual(
      name === 'many-forms' ? ['what `u32` does in a rule of ip nat DEEPER'] : [],
    );
    compare(name === 'many-forms' ? withoutImpossible(result) : result);
  });

  it('reads IPv6', async () => {
    const result = loadIptables('ipv6.rules', backend === 'iptables-nft' ? 'ip6tables-nft' : 'ip6tables-legacy');
    await expect(report(result.reading.value)).toMatchFileSnapshot(corpusPath('ipv6.rules.expected'));
    compare(result);
  });
});

/** The oracle follows jumps without their tests: `-p udp` behind a jump of `-p tcp` takes nothing, and we leave it out. */
function withoutImpossible(result: NamespaceResult): NamespaceResult {
  const saved = (result.oracles[0] ?? '').split('\n').filter((line) => !line.startsWith('[6:60] -A GUARDED -p udp'));
  return { ...result, oracles: [saved.join('\n')] };
}

describe('the namespace itself', () => {
  it('is completely read when it has no rules', () => {
    const { reading } = inNamespace({ setup: [], oracles: [] });
    expect(reading).toMatchObject({ complete: true, gaps: [], value: { sourceNat: [], dnatPorts: [] } });
  });

  it('does not load iptables-legacy tables that are not there', () => {
    const names = { program: 'cat', args: ['/proc/thread-self/net/ip_tables_names'] };
    const { oracles } = inNamespace({
      setup: [{ program: 'nft', args: ['-f', '-'], input: 'split-range.nft' }],
      oracles: [{ program: 'sh', args: ['-c', `${names.program} ${names.args[0]} 2>/dev/null || true`] }],
    });
    expect(oracles[0]).toBe('');
  });

  it('says that two back ends share a priority', () => {
    const { reading } = inNamespace({
      setup: [
        { program: 'iptables-legacy-restore', args: ['-c'], input: 'wrong-order.rules' },
        { program: 'iptables-nft-restore', args: ['-c'], input: 'flannel.rules' },
      ],
      oracles: [],
    });
    expect(reading.gaps.map(({ what }) => what)).toEqual([
      'whether ip nat (iptables-nft) and ip nat (iptables-legacy) are asked in this order',
    ]);
  });
});
