// The texts recorded of one namespace, beside what the kernel's own bytes said of it at that moment.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/core/model/address.ts';
import type { NatRules } from '../../src/core/model/nat-rule.ts';
import { natRulesOf } from '../../src/core/nat-rules/nat-rules-of.ts';
import { counterSnapshots } from '../../src/dumps/flows/counter-snapshots.ts';
import { counterWindow } from '../../src/dumps/flows/counter-window.ts';
import { kubeDocuments } from '../../src/dumps/kube/kube-documents.ts';
import { kubeDump } from '../../src/dumps/kube/kube-dump.ts';
import { parseIpAddresses } from '../../src/dumps/links/parse-ip-addresses.ts';
import { recogniseDump } from '../../src/dumps/recognise-dump.ts';
import { parseIptablesSave } from '../../src/dumps/rules/parse-iptables-save.ts';
import { parseNftJson } from '../../src/dumps/rules/parse-nft-json.ts';
import { parseNftText } from '../../src/dumps/rules/parse-nft-text.ts';
import { parseIpset } from '../../src/dumps/sets/parse-ipset.ts';
import { parseSysctlList } from '../../src/dumps/settings/parse-sysctl-list.ts';
import { parseProcSockets } from '../../src/dumps/sockets/parse-proc-sockets.ts';
import { parseSs } from '../../src/dumps/sockets/parse-ss.ts';
import { claimsOf } from '../../src/dumps/sockets/text-listener.ts';
import { ourRules } from '../nat-rules/seen-rule.ts';
import { DUMP_TEXTS } from './dump-texts.ts';

const FOLDER = 'test/corpora/dump-texts';
const LOCAL = ['127.0.0.1', '::1', '192.0.2.10'].flatMap((text) => parseAddress(text) ?? []);

function recorded(name: string): string {
  return readFileSync(`${FOLDER}/${name}.txt`, 'utf8');
}

const kernel: { readonly value: NatRules } = JSON.parse(readFileSync(`${FOLDER}/kernel.json`, 'utf8'));

describe('recorded texts', () => {
  it.each(Object.keys(DUMP_TEXTS))('%s is recognised by its content', (name) => {
    const kinds = {
      'nft-text-handles': 'nft-text',
      'counters-file': 'counters',
      'ipset-list': 'ipset',
      'ipset-save': 'ipset',
    };
    const kind = Object.entries(kinds).find(([text]) => text === name)?.[1] ?? name;
    expect(recogniseDump(readFileSync(`${FOLDER}/${name}.txt`))).toEqual({ kinds: [kind] });
  });

  it.each(['nft-text', 'nft-text-handles'])(
    '%s and iptables-save give the rules that the kernel holds, in its order',
    (name) => {
      const native = parseNftText(recorded(name)).tables.filter(({ backend }) => backend === 'nftables');
      const { value } = natRulesOf([...native, ...parseIptablesSave(recorded('iptables-save')).tables], LOCAL);
      expect(value.sourceNat.length).toBeGreaterThan(15);
      expect(ourRules(value.sourceNat).toSorted(byText)).toEqual(ourRules(kernel.value.sourceNat).toSorted(byText));
      expect(value.dnatPorts).toEqual(kernel.value.dnatPorts);
      expect(value.untrackedPorts).toEqual(kernel.value.untrackedPorts);
    },
  );

  it('nft text alone gives them too, for this version of nft translates what iptables-nft wrote', () => {
    const { value } = natRulesOf(parseNftText(recorded('nft-text')).tables, LOCAL);
    expect(ourRules(value.sourceNat)).toEqual(ourRules(kernel.value.sourceNat));
    const orders = value.sourceNat.map(({ table, path, priority }) => [table, path, priority]);
    expect(orders).toEqual(kernel.value.sourceNat.map(({ table, path, priority }) => [table, path, priority]));
  });

  it('nft JSON knows no range of what iptables-nft wrote, and claims none', () => {
    const { value, gaps } = natRulesOf(parseNftJson(recorded('nft-json')) ?? [], LOCAL);
    expect(value.sourceNat.filter(({ backend }) => backend === 'iptables-nft')).toEqual([]);
    expect(gaps.map(({ what }) => what)).toContain('what `target MASQUERADE` does in a rule of ip nat POSTROUTING');
  });

  it('sockets are the same from ss and /proc/net', () => {
    const ports = (claims: ReturnType<typeof claimsOf>): string[] =>
      claims.map(({ protocol, ports: { first }, address }) => `${protocol} ${first} ${address ?? 'any'}`).toSorted();
    const all = ['17 5353 192.0.2.10', '6 10250 127.0.0.1', '6 30080 any'];
    expect(ports(claimsOf(parseSs(recorded('ss'))))).toEqual(all);
    expect(ports(claimsOf(parseProcSockets(recorded('proc-sockets'))))).toEqual(all);
  });

  it.each(['ipset-list', 'ipset-save'])('%s gives the networks of each set, and no more than they are', (name) => {
    const sets = parseIpset(recorded(name)).map(({ name: set, networks, isWhole }) => [set, isWhole, networks]);
    expect(sets).toEqual([
      ['cali40masq-ipam-pools', true, ['10.244.0.0/16']],
      ['cali40all-ipam-pools', true, expect.arrayContaining(['10.244.0.0/16', '10.245.0.0/17'])],
      ['cali60masq-ipam-pools', true, ['fd00:10:244::/48']],
      ['holes', false, ['198.51.100.0/24']],
      ['ports', false, []],
      // Nothing says that a text of `ipset save` has come to its end.
      ['none', name === 'ipset-list', []],
    ]);
  });

  it('sets that are cut anywhere are never called whole with fewer networks', () => {
    for (const name of ['ipset-list', 'ipset-save']) {
      const text = recorded(name);
      const whole = new Map(parseIpset(text).map((set) => [set.name, set]));
      for (let end = 0; end < text.length; end += 1)
        for (const set of parseIpset(text.slice(0, end)))
          if (set.isWhole && whole.has(set.name)) expect([end, set]).toEqual([end, whole.get(set.name)]);
    }
  });

  it('sysctls, counters and addresses are whole', () => {
    expect(parseSysctlList(recorded('sysctl'))).toMatchObject({ missing: [], table: { count: 0 } });
    for (const name of ['counters', 'counters-file']) {
      const { delta, gaps } = counterWindow(counterSnapshots(recorded(name)));
      expect([delta?.seconds, delta?.insertFailed, gaps]).toEqual([1, 0, []]);
    }
    expect(parseIpAddresses(recorded('ip-addr'))).toEqual(['192.0.2.10']);
  });
});

describe('objects of a cluster', () => {
  it('are the same from a list in JSON, the same in YAML, and single documents', () => {
    const dumps = ['cluster.json', 'cluster.yaml', 'documents.yaml'].map((name) => {
      const text = readFileSync(`test/corpora/kube/${name}`, 'utf8');
      expect(recogniseDump(Buffer.from(text))).toEqual({ kinds: ['kube'] });
      return kubeDump(kubeDocuments(text).objects);
    });
    expect(dumps[0]).toMatchObject({
      guessedPods: 0,
      configurations: [{ name: 'default' }, { name: 'node.worker-2' }],
    });
    expect([dumps[0]?.nodes?.length, dumps[0]?.pods?.length, dumps[0]?.serviceClaims?.length]).toEqual([2, 3, 1]);
    expect(dumps[1]).toEqual(dumps[0]);
    expect(dumps[2]).toEqual(dumps[0]);
  });
});

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
