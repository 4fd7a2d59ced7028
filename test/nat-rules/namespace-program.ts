// Runs inside `unshare -n`: sets rules up, reads them, asks the oracles. The plan comes on standard input.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { collectDnatPorts, collectUntrackedPorts } from '../../src/core/nat-rules/claimed-port.ts';
import { ipsetNames } from '../../src/kernel/nat-rules/ipset-name.ts';
import { readLegacyBlobs } from '../../src/kernel/nat-rules/legacy-socket.ts';
import { readNfTables } from '../../src/kernel/nat-rules/nf-tables-ruleset.ts';
import { socketSource } from '../../src/kernel/nat-rules/nf-tables-source.ts';
import type { NfTablesSource } from '../../src/kernel/nat-rules/nf-tables-source.ts';
import { readNatRules } from '../../src/kernel/nat-rules/read-nat-rules.ts';
import { collectSourceNat } from '../../src/core/nat-rules/source-nat.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../../src/kernel/netlink/netlink-socket.ts';
import { corpusPath } from './corpus.ts';
import { createIpset } from './ipset-writer.ts';
import type { Command, NamespacePlan, NamespaceResult } from './namespace-plan.ts';
import { addUnspecifiedMasquerade } from './raw-masquerade.ts';
import { requestKey } from './recorded-source.ts';

const plan = JSON.parse(readFileSync(0, 'utf8')) as NamespacePlan;

run({ program: 'ip', args: ['link', 'set', 'lo', 'up'] });
for (const [index, name] of (plan.ipsets ?? []).entries()) createIpset(name, index === 2 ? 10 : 2);
for (const command of plan.setup) run(command);
if (plan.unspecifiedMasquerade !== undefined) addUnspecifiedMasquerade(plan.unspecifiedMasquerade);

const start = performance.now();
const reading = readNatRules();
const result: NamespaceResult = {
  reading,
  milliseconds: performance.now() - start,
  oracles: plan.oracles.map(run),
  recording: plan.record === true ? record() : [],
  legacy:
    plan.record === true
      ? readLegacyBlobs().blobs.map(({ table, layout, info, entries }) => [
          table,
          layout.family,
          Buffer.from(info).toString('base64'),
          Buffer.from(entries).toString('base64'),
        ])
      : [],
};
process.stdout.write(JSON.stringify(result));

function run({ program, args, input, text }: Command): string {
  const given = input === undefined ? (text ?? '') : readFileSync(corpusPath(input));
  const { status, stdout, stderr, error } = spawnSync(program, args, { input: given, maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} < ${input ?? ''}: ${stderr.toString()}`);
  return stdout.toString();
}

/** Reads once more through a source that keeps every message. */
function record(): (readonly [string, string])[] {
  const kept: (readonly [string, string])[] = [];
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  const source: NfTablesSource = (request, visit) =>
    socketSource(socket)(request, (message) => {
      const bytes = message.bytes.slice(message.start, message.stop);
      kept.push([requestKey(request), Buffer.from(bytes).toString('base64')]);
      visit(message);
    });
  try {
    const { tables } = readNfTables(source, ipsetNames(socket));
    collectSourceNat(tables);
    collectDnatPorts(tables, []);
    collectUntrackedPorts(tables, []);
  } finally {
    socket.close();
  }
  return kept;
}
