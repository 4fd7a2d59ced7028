// What the tests of remote reading run inside namespaces of their own: one lab node, read by netlink and by its own programs.
import type { FlowTable } from '../../src/core/model/flow-table.ts';
import { ASSURED, DST_NAT, INBOUND, SEEN_REPLY, SRC_NAT } from '../../src/core/model/flow-status.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { Lab } from '../../src/lab/lab.ts';
import type { NatFlavour } from '../../src/lab/nat-flavour.ts';
import { observeNode } from '../../src/observe/observe-node.ts';
import { type ReadRemoteOptions, readRemoteNode } from '../../src/observe/remote/read-remote-node.ts';
import { namespaceShell } from './namespace-shell.ts';

/** Facts as JSON carries them, and the flows as text. */
export interface ReadNode {
  readonly facts: Omit<NodeFacts, 'flows'>;
  /** One line a flow, sorted: everything but what changes with time. */
  readonly flows: readonly string[];
}

export interface ReadTwice {
  readonly netlink: ReadNode;
  readonly remote: ReadNode;
}

export const withNftables = (): Promise<ReadTwice> => readTwice('nftables');
export const withIptablesNft = (): Promise<ReadTwice> => readTwice('iptables-nft');
export const withIptablesLegacy = (): Promise<ReadTwice> => readTwice('iptables-legacy');

/** Connections of pods, of the node itself and towards it; open ones and closed ones, all at rest while they are read. */
async function readTwice(flavour: NatFlavour): Promise<ReadTwice> {
  const lab = await quietLab(flavour);
  try {
    const netns = lab.nodes[0]?.host.netns ?? 0;
    const netlink = await observeNode({ netns, name: 'node-1', windowSeconds: 0.2 });
    const remote = await readRemoteNode(namespaceShell({ node: 'node-1', netns }), optionsOf({ windowSeconds: 1 }));
    return { netlink: readNodeOf(netlink), remote: readNodeOf(remote) };
  } finally {
    await lab.close();
  }
}

async function quietLab(flavour: NatFlavour): Promise<Lab> {
  const range = { first: 40_000, last: 40_999 };
  const lab = await Lab.build({ nodes: 1, podsPerNode: 2, servers: 2, nat: { range }, flavour });
  const [node] = lab.nodes;
  const [server, client] = lab.servers;
  const egress = { address: server?.addresses[0] ?? '', port: 443, concurrency: 5, timeoutMs: 2000 };
  await server?.host.run('tcp-listen', { port: 443, manner: 'hold' });
  await node?.host.run('tcp-listen', { port: 8443, manner: 'hold' });
  await node?.pods[0]?.host.run('tcp-connect', { ...egress, count: 25, closer: 'keep' });
  await node?.pods[1]?.host.run('tcp-connect', { ...egress, count: 40, closer: 'client' });
  await node?.host.run('tcp-connect', { ...egress, count: 3, closer: 'keep' });
  const ingress = { ...egress, address: node?.address ?? '', port: 8443 };
  await client?.host.run('tcp-connect', { ...ingress, count: 4, closer: 'keep' });
  return lab;
}

/** New connections while the window is open, counted by both at once. */
export async function readWhileBusy(): Promise<ReadTwice> {
  const lab = await quietLab('nftables');
  const [node] = lab.nodes;
  const netns = node?.host.netns ?? 0;
  const address = lab.servers[0]?.addresses[0] ?? '';
  const load = { address, port: 443, concurrency: 5, perSecond: 100, timeoutMs: 2000, closer: 'reset' } as const;
  const traffic = node?.pods[1]?.host.run('tcp-connect', load);
  try {
    const [netlink, remote] = await Promise.all([
      observeNode({ netns, name: 'node-1', windowSeconds: 1 }),
      readRemoteNode(namespaceShell({ node: 'node-1', netns }), optionsOf({ windowSeconds: 1 })),
    ]);
    return { netlink: readNodeOf(netlink), remote: readNodeOf(remote) };
  } finally {
    await node?.pods[1]?.host.run('stop-traffic');
    await traffic;
    await lab.close();
  }
}

/** An image without most programs. */
export async function readWithoutPrograms(): Promise<ReadTwice> {
  const lab = await quietLab('iptables-nft');
  try {
    const netns = lab.nodes[0]?.host.netns ?? 0;
    const read = async (absent: readonly string[]): Promise<ReadNode> =>
      readNodeOf(
        await readRemoteNode(namespaceShell({ node: 'node-1', netns, absent }), optionsOf({ windowSeconds: 0.1 })),
      );
    return {
      netlink: await read(['conntrack', 'timeout']),
      remote: await read(['conntrack', 'timeout', 'cat', 'ip', 'nft', 'iptables-nft-save', 'ip6tables-nft-save']),
    };
  } finally {
    await lab.close();
  }
}

function optionsOf(options: Pick<ReadRemoteOptions, 'windowSeconds'>): ReadRemoteOptions {
  return {
    ...options,
    known: { addresses: ['192.0.2.10'], claims: [], gaps: [] },
    snatOnly: false,
    signal: new AbortController().signal,
    timeoutSeconds: 30,
    now: () => performance.now(),
    wallClock: () => new Date().toISOString(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function readNodeOf({ flows, ...facts }: NodeFacts): ReadNode {
  return { facts, flows: linesOf(flows) };
}

/** Bits that text carries too. */
const STATUS = SRC_NAT | SEEN_REPLY | ASSURED | DST_NAT | INBOUND;

function linesOf(table: FlowTable): readonly string[] {
  const { flows } = table;
  return Array.from({ length: table.flowCount }, (_, row) => {
    const { zone, protocol, snatAddress, remoteAddress, remotePort } = table.portSpace(flows.portSpace[row] ?? 0);
    const space = `${zone} ${protocol} ${snatAddress} ${remoteAddress} ${remotePort}`;
    const source = `${table.address(flows.source[row] ?? 0)} ${flows.sourcePort[row]}`;
    const state = `${flows.tcpState[row]} ${(flows.status[row] ?? 0) & STATUS}`;
    return `${space} port ${flows.port[row]} from ${source} state ${state} id ${flows.id[row]}`;
  }).toSorted();
}
