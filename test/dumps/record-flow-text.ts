// Records test/corpora/flow-text: what the tools of this machine write of one namespace, and the netlink reader's table of it.
// Run as root after a build: `node dist/test/dumps/record-flow-text.js`.
import { writeFileSync } from 'node:fs';
import { runFlowTextChild } from './flow-text-run.ts';

const FOLDER = 'test/corpora/flow-text';

const { netlink, texts } = runFlowTextChild('accounting');
writeFileSync(`${FOLDER}/netlink.json`, `${JSON.stringify(netlink, null, 1)}\n`);
for (const [name, text] of Object.entries(texts)) writeFileSync(`${FOLDER}/${name}.txt`, text, 'latin1');
console.log(`${Object.keys(texts).length} texts recorded in ${FOLDER}`);
