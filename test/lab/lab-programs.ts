// What the lab tests run inside namespaces: each returns plain data for the test to judge.
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { createNetns, enterNetns } from '../../src/kernel/netns/network-namespace.ts';
import { applyCommands } from '../../src/kernel/nftables/apply-commands.ts';
import type { NftCommand } from '../../src/kernel/nftables/nft-command.ts';
import { Lab, setRange } from '../../src/lab/lab.ts';
import { oracle } from './run-isolated.ts';

const RANGE = { first: 40_000, last: 40_999 };

/** A node, two pods, a server: connects before the range is full, while it is, and after it was moved. */
export async function fillAndMove(): Promise<unknown> {
  const lab = await Lab.build({ nodes: 1, podsPerNode: 2, servers: 1, nat: { range: RANGE } });
  const [node] = lab.nodes;
  const [server] = lab.servers;
  const pod = node?.pods[0];
  if (node === undefined || server === undefined || pod === undefined) throw new Error('no lab');
  await server.host.run('tcp-listen', { port: 443, manner: 'hold' });
  const [remoteAddress = ''] = server.addresses;
  const options = {
    address: remoteAddress,
    port: 443,
    concurrency: 5,
    count: 10,
    timeoutMs: 5000,
    closer: 'reset',
  } as const;
  const empty = await pod.host.run('tcp-connect', options);
  await node.host.run('flush-flows');
  const fill = await node.host.run('create-flows', {
    protocol: 6,
    sources: node.pods.map(({ address }) => address),
    firstSourcePort: 1024,
    remoteAddress,
    remotePort: 443,
    snatAddress: node.address,
    snatPorts: Uint16Array.from({ length: 1000 }, (_, index) => RANGE.first + index),
    timeoutSeconds: { first: 300, last: 300 },
  });
  const full = await pod.host.run('tcp-connect', { ...options, concurrency: 10, timeoutMs: 400 });
  await setRange(node, { range: { first: 50_000, last: 50_999 } });
  const moved = await pod.host.run('tcp-connect', { ...options, closer: 'keep' });
  enterNetns(node.host.netns);
  const conntrack = oracle('conntrack', '-L', '-p', 'tcp').trim().split('\n');
  const rules = oracle('nft', 'list', 'chain', 'ip', 'calico', 'nat-cali-nat-outgoing');
  await lab.close();
  return { empty, fill, full, moved, conntrack, rules };
}

/** The same node with rules that the iptables programs write: connects, moves the range, connects again. */
export async function iptablesFlavours(): Promise<unknown> {
  const seen: Record<string, unknown> = {};
  for (const flavour of ['iptables-nft', 'iptables-legacy'] as const) {
    const lab = await Lab.build({ nodes: 1, podsPerNode: 1, servers: 1, nat: { range: RANGE }, flavour });
    const [node] = lab.nodes;
    const [server] = lab.servers;
    if (node === undefined || server === undefined) throw new Error('no lab');
    await server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: server.addresses[0] ?? '', port: 443, concurrency: 5, count: 10, timeoutMs: 5000 };
    await node.pods[0]?.host.run('tcp-connect', { ...target, closer: 'keep' });
    await setRange(node, { range: { first: 50_000, last: 50_999 } });
    const moved = await node.pods[0]?.host.run('tcp-connect', { ...target, closer: 'keep' });
    enterNetns(node.host.netns);
    const conntrack = oracle('conntrack', '-L', '-p', 'tcp').trim().split('\n');
    seen[flavour] = { moved, conntrack, rules: oracle(`${flavour}-save`, '-t', 'nat') };
    await lab.close();
  }
  return seen;
}

/** Three nodes with two pods each: who reached the server, and with which address. */
export async function manyNodes(): Promise<unknown> {
  const lab = await Lab.build({ nodes: 3, podsPerNode: 2, servers: 1, nat: { range: RANGE } });
  const [server] = lab.servers;
  if (server === undefined) throw new Error('no lab');
  await server.host.run('tcp-listen', { port: 443, manner: 'hold' });
  const target = { address: server.addresses[0] ?? '', port: 443, concurrency: 1, count: 1, timeoutMs: 5000 };
  const opened = [];
  for (const pod of lab.nodes.flatMap(({ pods }) => pods)) {
    opened.push((await pod.host.run('tcp-connect', { ...target, closer: 'keep' })).opened);
  }
  enterNetns(server.host.netns);
  const peers = oracle('ss', '-Htn', 'state', 'established').trim().split('\n');
  const addresses = peers.map((line) => line.trim().split(/\s+/)[3]?.split(':')[0]);
  await lab.close();
  return { opened, addresses: addresses.toSorted((left = '', right = '') => left.localeCompare(right)) };
}

/** What a task that fails tells its caller. */
export async function failingTask(): Promise<unknown> {
  const lab = await Lab.build({ nodes: 1, podsPerNode: 1, servers: 1 });
  try {
    await lab.nodes[0]?.host.run('nftables', [{ kind: 'flush-chain', family: 'ip', table: 'absent', chain: 'absent' }]);
    return { code: 'none' };
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    return { code: error.code, inner: error.facts['code'], errno: error.facts['errnoName'], message: error.message };
  } finally {
    await lab.close();
  }
}

/** What the kernel keeps of hand-made flows, as conntrack lists it. */
export async function handMadeFlows(): Promise<unknown> {
  const lab = await Lab.build({ nodes: 1, podsPerNode: 2, servers: 1, nat: { range: RANGE } });
  const [node] = lab.nodes;
  if (node === undefined) throw new Error('no lab');
  const fill = {
    sources: node.pods.map(({ address }) => address),
    firstSourcePort: 2000,
    remoteAddress: '203.0.113.10',
    remotePort: 443,
    snatAddress: node.address,
    snatPorts: Uint16Array.of(40_000, 40_001, 40_002, 40_003),
    timeoutSeconds: { first: 100, last: 400 },
  };
  const states = [3, 5, 7, 8];
  const tcp = await node.host.run('create-flows', { ...fill, protocol: 6, tcpStates: states, fixed: true });
  const again = await node.host.run('create-flows', { ...fill, protocol: 6 });
  const udp = await node.host.run('create-flows', { ...fill, protocol: 17, replies: 'none' });
  enterNetns(node.host.netns);
  const lines = oracle('conntrack', '-L').trim().split('\n').toSorted();
  await node.host.run('flush-flows');
  const left = oracle('conntrack', '-L').trim();
  await lab.close();
  return { tcp, again, udp, lines, left };
}

/** Every statement in one ruleset, as nft lists it. */
export function listRuleset(): Promise<unknown> {
  createNetns();
  applyCommands(EVERYTHING);
  const text = oracle('nft', 'list', 'ruleset');
  const json: unknown = JSON.parse(oracle('nft', '-j', 'list', 'ruleset'));
  return Promise.resolve({ text, json });
}

/** What is left after rules, a chain and a table are taken away in one transaction. */
export function removals(): Promise<unknown> {
  createNetns();
  const gone = { family: 'ip6', table: 'gone' } as const;
  const kept = { family: 'inet', table: 'kept' } as const;
  const count = { kind: 'add-rule', statements: [{ kind: 'counter' }] } as const;
  applyCommands([
    { ...gone, kind: 'add-table' },
    { ...kept, kind: 'add-table' },
    { ...kept, kind: 'add-chain', chain: 'one' },
    { ...kept, kind: 'add-chain', chain: 'two' },
    { ...kept, kind: 'add-chain', chain: 'three' },
    { ...kept, ...count, chain: 'one' },
    { ...kept, ...count, chain: 'two' },
  ]);
  const flat = (): string => oracle('nft', 'list', 'ruleset').replaceAll(/\s+/g, ' ').trim();
  const full = flat();
  applyCommands([
    { ...gone, kind: 'delete-table' },
    { ...kept, kind: 'delete-chain', chain: 'three' },
    { ...kept, kind: 'flush-chain', chain: 'one' },
  ]);
  const less = flat();
  applyCommands([{ ...kept, kind: 'flush-table' }]);
  return Promise.resolve({ full, less, flushed: flat() });
}

/** A transaction whose second command is refused changes nothing. */
export function refusedTransaction(): Promise<unknown> {
  createNetns();
  const table = { family: 'ip', table: 'whole' } as const;
  let message = '';
  try {
    applyCommands([
      { ...table, kind: 'add-table' },
      { ...table, kind: 'add-rule', chain: 'absent', statements: [{ kind: 'counter' }] },
    ]);
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  return Promise.resolve({ message, text: oracle('nft', 'list', 'ruleset') });
}

const TABLE = { family: 'ip', table: 'portolan' } as const;

const EVERYTHING: readonly NftCommand[] = [
  { ...TABLE, kind: 'add-table' },
  { ...TABLE, kind: 'add-chain', chain: 'post', base: { type: 'nat', hook: 'postrouting', priority: 110 } },
  { ...TABLE, kind: 'add-chain', chain: 'out' },
  { ...TABLE, kind: 'add-chain', chain: 'raw', base: { type: 'filter', hook: 'prerouting', priority: -300 } },
  { ...TABLE, kind: 'add-chain', chain: 'pre', base: { type: 'nat', hook: 'prerouting', priority: -100 } },
  { ...TABLE, kind: 'add-ct-timeout', object: 'short', protocol: 6, secondsByState: { 3: 300, 7: 7 } },
  { ...TABLE, kind: 'add-rule', chain: 'post', statements: [{ kind: 'counter' }, { kind: 'jump', chain: 'out' }] },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'out',
    comment: 'cali:abc;',
    statements: [
      { kind: 'l4proto', protocol: 6 },
      { kind: 'saddr', cidr: '10.244.0.0/16' },
      { kind: 'daddr', cidr: '10.244.0.0/16', negate: true },
      { kind: 'masquerade', range: { first: 32_768, last: 65_535 }, random: 'random-fully' },
    ],
  },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'out',
    statements: [
      { kind: 'oifname', name: 'eth0' },
      { kind: 'mark', value: 0x4000, mask: 0x4000 },
      { kind: 'snat', address: '192.0.2.1', range: { first: 1000, last: 2000 }, random: 'none' },
    ],
  },
  { ...TABLE, kind: 'add-rule', chain: 'out', statements: [{ kind: 'masquerade', random: 'random' }] },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'raw',
    statements: [
      { kind: 'l4proto', protocol: 17 },
      { kind: 'dport', ports: { first: 4789, last: 4789 } },
      { kind: 'notrack' },
    ],
  },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'raw',
    statements: [
      { kind: 'l4proto', protocol: 17 },
      { kind: 'sport', ports: { first: 10, last: 20 }, negate: true },
      { kind: 'return' },
    ],
  },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'raw',
    insert: true,
    statements: [
      { kind: 'l4proto', protocol: 6 },
      { kind: 'set-sport', protocol: 6, port: 77 },
      { kind: 'set-ct-timeout', object: 'short' },
    ],
  },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'pre',
    statements: [
      { kind: 'iifname', name: 'lo', negate: true },
      { kind: 'ct-state', states: ['invalid', 'untracked'] },
      { kind: 'drop' },
    ],
  },
  { ...TABLE, kind: 'add-rule', chain: 'pre', statements: [{ kind: 'saddr', cidr: '10.0.0.0/9' }, { kind: 'accept' }] },
  { ...TABLE, kind: 'add-rule', chain: 'post', statements: [{ kind: 'goto', chain: 'out' }] },
  {
    ...TABLE,
    kind: 'add-rule',
    chain: 'pre',
    statements: [
      { kind: 'l4proto', protocol: 6 },
      { kind: 'dport', ports: { first: 30_000, last: 30_010 } },
      { kind: 'dnat', address: '10.244.1.10', port: 80 },
    ],
  },
];
