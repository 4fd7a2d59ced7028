// What the ruleset tests run inside namespaces: real nft reads what a plan writes, and real connections go through it.
import { spawnSync } from 'node:child_process';
import type { Plan } from '../../src/core/advice/plan.ts';
import { createNetns, enterNetns } from '../../src/kernel/netns/network-namespace.ts';
import { Lab } from '../../src/lab/lab.ts';
import { oracle } from '../lab/run-isolated.ts';
import { manyOpened, planFor, remedyIn } from './situation-fixture.ts';

const SPARE = ['192.0.2.51', '192.0.2.52'];

/** Loads every command of ours twice, as a shell would, lists the result, takes it back, and lists again. */
export function loadAll(): unknown {
  enterNetns(createNetns());
  const plans = [
    planFor(manyOpened({ spareAddresses: SPARE })),
    planFor(
      manyOpened({
        remoteAddress: '2001:db8::9',
        podCidrs: ['2001:db8:1::/64'],
        spareAddresses: ['2001:db8::a', '2001:db8::b'],
      }),
    ),
  ];
  return plans.flatMap((plan) =>
    nftRemedies(plan).map(({ id, command, undo }) => ({ id, ...loadedBy({ command, undo }) })),
  );
}

function nftRemedies(plan: Plan): { id: string; command: string; undo: string }[] {
  return plan.remedies.flatMap(({ id, command, undo }) =>
    command === undefined || undo === undefined || !command.startsWith('nft') ? [] : [{ id, command, undo }],
  );
}

function loadedBy({ command, undo }: { command: string; undo: string }): {
  errors: string;
  listing: string;
  after: string;
} {
  const checked = shell(command.replace(/^nft -f/, 'nft -c -f'));
  const errors = [checked, shell(command), shell(command)].join('');
  const listing = oracle('nft', 'list', 'ruleset');
  return { errors: errors + shell(undo), listing, after: oracle('nft', 'list', 'ruleset') };
}

/** What a shell says about a command; empty when it succeeds. */
function shell(command: string): string {
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  return status === 0 ? '' : `${command}: ${stderr}`;
}

const PORTS = [443, 80];

/** Entries in TIME_WAIT to a port. */
function closedTo(port: number, entries: readonly string[]): string[] {
  return entries.filter((line) => line.includes(`dport=${port} `));
}

/**
 * A node with Calico's rules and a pod: connects with the split range loaded, then closes with the shorter hold time.
 * A server's ACK that comes after its FIN, as two CPUs may send them, is answered and then reset: that entry leaves TIME_WAIT
 * for CLOSE, and another connect takes its place.
 */
export async function throughTheNode(): Promise<unknown> {
  const lab = await Lab.build({
    nodes: 1,
    podsPerNode: 1,
    servers: 1,
    nat: { range: { first: 40_000, last: 40_099 } },
  });
  const [node] = lab.nodes;
  const [server] = lab.servers;
  const pod = node?.pods[0];
  if (node === undefined || server === undefined || pod === undefined) throw new Error('no lab');
  const [remoteAddress = ''] = server.addresses;
  await server.host.run('tcp-listen', { port: 443, manner: 'hold' });
  const plan = planFor(manyOpened({ remoteAddress, podCidrs: [`${pod.address}/32`], vxlan: false }));
  enterNetns(node.host.netns);
  const errors = (['split-range', 'hold-time'] as const).map((kind) => shell(remedyIn(plan, kind).command ?? 'false'));
  const target = { address: remoteAddress, port: 443, concurrency: 20, timeoutMs: 5000 };
  const kept = await pod.host.run('tcp-connect', { ...target, count: 400, closer: 'keep' });
  const held = oracle('conntrack', '-L', '-p', 'tcp', '--state', 'ESTABLISHED');
  await server.host.run('tcp-listen', { port: 80, manner: 'hold' });
  let closing: string[] = [];
  for (let round = 0; round < 10 && PORTS.some((port) => closedTo(port, closing).length < 20); round += 1) {
    for (const port of PORTS)
      await pod.host.run('tcp-connect', {
        ...target,
        port,
        count: 20 - closedTo(port, closing).length,
        closer: 'client',
      });
    closing = oracle('conntrack', '-L', '-p', 'tcp', '--state', 'TIME_WAIT').trim().split('\n');
  }
  await lab.close();
  return { errors, opened: kept.opened, held: held.trim().split('\n'), closing };
}
