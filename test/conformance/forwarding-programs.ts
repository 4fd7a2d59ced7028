// The suite's namespace translates what it sends itself. This is the same in the lab, where a node masquerades what a pod sends to a
// server, seen with `conntrack` alone.
import { UDP } from '../../src/core/model/protocol.ts';
import { enterNetns } from '../../src/kernel/netns/network-namespace.ts';
import { Lab } from '../../src/lab/lab.ts';
import { oracle } from '../lab/run-isolated.ts';

const RANGE = { first: 40_000, last: 40_255 };
const TIMEOUT = { first: 600, last: 600 };

export interface Forwarded {
  /** Distinct SNAT ports, and how many lie in the range, after 100 datagrams of a pod. */
  readonly ports: number;
  readonly inRange: number;
  /** What `conntrack -S` gained when 20 datagrams met a full range. */
  readonly found: number;
  readonly insertFailed: number;
  readonly drop: number;
}

export async function forwardFromPod(): Promise<Forwarded> {
  const lab = await Lab.build({ nodes: 1, podsPerNode: 1, servers: 1, nat: { range: RANGE } });
  try {
    const [node] = lab.nodes;
    const [pod] = node?.pods ?? [];
    const remote = lab.servers[0]?.addresses[0] ?? '';
    if (node === undefined || pod === undefined) throw new Error('a lab without a pod');
    const aim = { protocol: UDP, source: pod.address, destination: remote, destinationPort: 53 };
    await pod.host.run('raw-send', { ...aim, firstSourcePort: 1000, count: 100 });
    enterNetns(node.host.netns);
    const ports = [...oracle('conntrack', '-L', '-p', 'udp').matchAll(/sport=53 dport=(\d+)/g)].map(([, port]) =>
      Number(port),
    );
    await node.host.run('flush-flows');
    await node.host.run('create-flows', {
      protocol: UDP,
      sources: [pod.address],
      firstSourcePort: 10_000,
      remoteAddress: remote,
      remotePort: 53,
      snatAddress: node.address,
      snatPorts: Uint16Array.from({ length: 256 }, (_, index) => RANGE.first + index),
      timeoutSeconds: TIMEOUT,
    });
    const before = statistics();
    await pod.host.run('raw-send', { ...aim, firstSourcePort: 2000, count: 20 });
    const after = statistics();
    const gained = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    return {
      ports: new Set(ports).size,
      inRange: ports.filter((port) => port >= RANGE.first && port <= RANGE.last).length,
      found: gained('found'),
      insertFailed: gained('insert_failed'),
      drop: gained('drop'),
    };
  } finally {
    await lab.close();
  }
}

/** `conntrack -S`, summed over CPUs. */
function statistics(): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [, name = '', value] of oracle('conntrack', '-S').matchAll(/(\w+)=(\d+)/g))
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  return sums;
}
