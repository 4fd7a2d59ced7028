// Records the kernel's own answers for the corpus into test/corpora/nat-rules/*.bin. Run by hand:
// `node dist/test/nat-rules/record.js`; needs root, nft and iptables.
import { writeFileSync } from 'node:fs';
import { corpusPath } from './corpus.ts';
import { inNamespace } from './in-namespace.ts';
import type { Command } from './namespace-plan.ts';
import { formatRecords } from './recorded-source.ts';

const NFT: readonly (readonly [string, Command])[] = [
  ...['calico-native', 'kube-proxy', 'split-range', 'many-forms', 'maps-and-sets'].map(
    (name) => [`${name}.nft.bin`, { program: 'nft', args: ['-f', '-'], input: `${name}.nft` }] as const,
  ),
  ...['calico-new-order', 'many-forms'].map(
    (name) => [`${name}.rules.bin`, { program: 'iptables-nft-restore', args: ['-c'], input: `${name}.rules` }] as const,
  ),
];

const LEGACY: readonly (readonly [string, Command])[] = [
  ['many-forms.legacy.bin', { program: 'iptables-legacy-restore', args: ['-c'], input: 'many-forms.rules' }],
  ['ipv6.legacy.bin', { program: 'ip6tables-legacy-restore', args: ['-c'], input: 'ipv6.rules' }],
];

const IPSETS = ['cali40masq-ipam-pools', 'cali40network-ip-pools'];

for (const [file, command] of NFT) {
  const { recording } = inNamespace({ ipsets: IPSETS, setup: [command], oracles: [], record: true });
  const records = recording.map(([key, bytes]) => [key, Buffer.from(bytes, 'base64')] as const);
  writeFileSync(corpusPath(file), formatRecords(records));
}

for (const [file, command] of LEGACY) {
  const { legacy } = inNamespace({ setup: [command], oracles: [], record: true });
  const records = legacy.flatMap(([table, family, info, entries]) => [
    [`${table} ${family} info`, Buffer.from(info, 'base64')] as const,
    [`${table} ${family} entries`, Buffer.from(entries, 'base64')] as const,
  ]);
  writeFileSync(corpusPath(file), formatRecords(records));
}
