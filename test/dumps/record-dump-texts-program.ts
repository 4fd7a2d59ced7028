// Records test/corpora/dump-texts: what the tools of this machine print of one namespace with rules of three back ends and some
// sockets, and what the kernel's own bytes said at that moment. Run as root after a build:
// `node dist/test/dumps/record-dump-texts-program.js`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { inNamespace } from '../nat-rules/in-namespace.ts';
import { DUMP_TEXTS } from './dump-texts.ts';

const FOLDER = 'test/corpora/dump-texts';

const { reading, oracles } = inNamespace({
  setup: [
    { program: 'nft', args: ['-f', '-'], input: 'calico-native.nft' },
    { program: 'nft', args: ['-f', '-'], input: 'kube-proxy.nft' },
    { program: 'nft', args: ['-f', '-'], input: 'maps-and-sets.nft' },
    { program: 'iptables-nft-restore', args: ['-c'], input: 'docker.rules' },
    { program: 'ip', args: ['addr', 'add', '192.0.2.10/24', 'dev', 'lo'] },
  ],
  oracles: Object.values(DUMP_TEXTS).map((command) => ({ program: 'sh', args: ['-c', command] })),
});
mkdirSync(FOLDER, { recursive: true });
for (const [index, name] of Object.keys(DUMP_TEXTS).entries())
  writeFileSync(`${FOLDER}/${name}.txt`, oracles[index] ?? '');
writeFileSync(`${FOLDER}/kernel.json`, `${JSON.stringify(reading, undefined, 1)}\n`);
console.log(`${oracles.length} texts recorded in ${FOLDER}`);
