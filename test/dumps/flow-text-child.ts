// In a namespace of its own: makes entries and prints, taken one right after the other, the netlink reader's table and what each
// tool writes of the same entries. `accounting` as first argument: with packets, bytes and time stamps.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dumpFlows } from '../../src/kernel/conntrack/dump-flows.ts';
import { textOfTable } from '../conntrack/flow-text.ts';
import { NODE_ADDRESSES, insertFlowEntries } from './flow-entries.ts';

/** Both streams into one file, as `conntrack -L > file 2>&1` does it. */
function shell(command: string): string {
  return execFileSync('sh', ['-c', command], { encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'] });
}

insertFlowEntries({ accounting: process.argv[2] === 'accounting' });
const netlink = dumpFlows({ localAddresses: NODE_ADDRESSES });
const texts = {
  list: shell('conntrack -L 2>/dev/null'),
  'list-with-notice': shell('conntrack -L -o id 2>&1'),
  extended: shell('conntrack -L -o extended,id 2>/dev/null'),
  timestamp: shell('conntrack -L -o id,timestamp,ktimestamp,labels 2>&1'),
  xml: shell('conntrack -L -o xml 2>/dev/null'),
  save: shell('conntrack -L -o save 2>/dev/null'),
  proc: readFileSync('/proc/thread-self/net/nf_conntrack', 'latin1'),
  counters: shell('conntrack -S 2>/dev/null'),
  'counters-file': readFileSync('/proc/thread-self/net/stat/nf_conntrack', 'latin1'),
};
console.log(JSON.stringify({ netlink: { flows: textOfTable(netlink.value), counts: netlink.counts }, texts }));
