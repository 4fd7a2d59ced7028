// Traffic through a real node, with the instant of every packet, so that a simulation can be given the very same.
import { connect } from 'node:net';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import { enterNetns } from '../../src/kernel/netns/network-namespace.ts';
import { readCounters } from '../../src/kernel/probe/read-counters.ts';
import { RawSender } from '../../src/kernel/probe/raw-sender.ts';
import { Lab, type LabNode } from '../../src/lab/lab.ts';

/** What the kernel did with some traffic. */
export interface KernelRun {
  /** Seconds from the first packet or connect on. */
  readonly atSeconds: readonly number[];
  readonly drops: number;
  readonly found: number;
  /** Seconds that each connection lived; 0 for those that never opened, and for datagrams. */
  readonly heldSeconds: readonly number[];
  /** Connects that took so many whole seconds; index 0 is at once. */
  readonly opened: readonly number[];
  readonly failed: number;
}

const FIRST_PORT = 40_000;

/** 1,024 datagrams into 1,024 ports, as many times as `rounds` says, each time from an empty table. */
export async function fillByDatagrams(): Promise<unknown> {
  const { lab, node, remote, podAddress, podNetns } = await buildLab(1024);
  await lab.servers[0]?.host.run('udp-listen', { port: 53, answers: false });
  const rounds = [];
  for (let round = 0; round < FILL_ROUNDS; round += 1) {
    await node.host.run('flush-flows');
    const before = countersOf(node);
    enterNetns(podNetns);
    const sender = new RawSender({ protocol: UDP, source: podAddress, destination: remote, destinationPort: 53 });
    for (let index = 0; index < 1024; index += 1) {
      sender.send(2000 + index);
      if (index % 32 === 31) await pause(0);
    }
    sender.close();
    await pause(50);
    const after = countersOf(node);
    const entries = Number(await node.host.run('read-file', '/proc/sys/net/netfilter/nf_conntrack_count'));
    rounds.push({ drops: after.insertFailed - before.insertFailed, found: after.found - before.found, entries });
  }
  await lab.close();
  return rounds;
}

export const FILL_ROUNDS = 8;

/** Datagrams at a steady rate: 98 % of 1,024 ports at any time, 2 s each. */
export async function churnDatagrams(): Promise<KernelRun> {
  const { lab, node, remote, podAddress, podNetns } = await buildLab(1024);
  await node.host.run('set-sysctls', { 'net/netfilter/nf_conntrack_udp_timeout': 2 });
  await lab.servers[0]?.host.run('udp-listen', { port: 53, answers: false });
  const before = countersOf(node);
  enterNetns(podNetns);
  const sender = new RawSender({ protocol: UDP, source: podAddress, destination: remote, destinationPort: 53 });
  const atSeconds = await paced({ perSecond: 502, seconds: 6 }, (index) => void sender.send(1024 + (index % 60_000)));
  sender.close();
  await pause(50);
  const after = countersOf(node);
  await lab.close();
  return { atSeconds, ...difference(before, after), heldSeconds: [], opened: [], failed: 0 };
}

/** Real connects that the client closes at once, on a node whose TIME_WAIT entries (2 s here) nobody takes over: 500 ports. */
export async function churnOldKernel(): Promise<readonly KernelRun[]> {
  const runs = [];
  for (const perSecond of [250, 320])
    runs.push(await connectAt({ ports: 500, perSecond, seconds: 4, patienceMs: 950, fixed: true, holdMs: 0 }));
  return runs;
}

/** Connections of half a second through 64 ports: more than fit, so that SYNs are lost and sent again. */
export function retransmit(): Promise<KernelRun> {
  return connectAt({ ports: 64, perSecond: 130, seconds: 5, patienceMs: 2500, fixed: false, holdMs: 500 });
}

interface ConnectPlan {
  readonly ports: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly patienceMs: number;
  /** Entries in TIME_WAIT are made to stay. */
  readonly fixed: boolean;
  readonly holdMs: number;
}

async function connectAt(plan: ConnectPlan): Promise<KernelRun> {
  const { lab, node, remote, podNetns } = await buildLab(plan.ports);
  await lab.servers[0]?.host.run('tcp-listen', { port: 443, manner: 'hold' });
  // A server's ACK that comes after its FIN, as two CPUs may send them, is answered and then reset: that entry goes on to CLOSE.
  await node.host.run('set-sysctls', {
    'net/netfilter/nf_conntrack_tcp_timeout_time_wait': 2,
    'net/netfilter/nf_conntrack_tcp_timeout_close': 2,
  });
  if (plan.fixed) {
    const twin = lab.twin(node.host);
    twin.run('fix-time-wait').catch(() => {});
    await twin.run('set-sysctls', {});
  }
  const before = countersOf(node);
  enterNetns(podNetns);
  const tally = new Tally();
  const pending: Promise<void>[] = [];
  const atSeconds = await paced(plan, () => pending.push(tally.connect(remote, plan)));
  await Promise.all(pending);
  const after = countersOf(node);
  await lab.close();
  return {
    atSeconds,
    ...difference(before, after),
    heldSeconds: tally.heldSeconds,
    opened: tally.opened,
    failed: tally.failed,
  };
}

/** Counts what becomes of real connects. */
class Tally {
  readonly opened: number[] = [];
  failed = 0;
  readonly heldSeconds: number[] = [];

  connect(host: string, { patienceMs, holdMs }: ConnectPlan): Promise<void> {
    const startedAt = performance.now();
    const index = this.heldSeconds.push(0) - 1;
    return new Promise((resolve) => {
      const socket = connect({ host, port: 443, family: 4 });
      const timer = setTimeout(() => {
        this.failed += 1;
        socket.destroy();
        resolve();
      }, patienceMs);
      socket.on('error', () => {});
      socket.once('connect', () => {
        clearTimeout(timer);
        const openedAt = performance.now();
        const late = Math.floor((openedAt - startedAt) / 1000);
        this.opened[late] = (this.opened[late] ?? 0) + 1;
        socket.resume().once('close', () => {
          this.heldSeconds[index] = (performance.now() - openedAt) / 1000;
          resolve();
        });
        setTimeout(() => socket.end(), holdMs);
      });
    });
  }
}

async function buildLab(ports: number): Promise<{
  lab: Lab;
  node: LabNode;
  remote: string;
  podAddress: string;
  podNetns: number;
}> {
  const range = { first: FIRST_PORT, last: FIRST_PORT + ports - 1 };
  const lab = await Lab.build({ nodes: 1, podsPerNode: 1, servers: 1, nat: { range, protocols: [TCP, UDP] } });
  const [node] = lab.nodes;
  const pod = node?.pods[0];
  if (node === undefined || pod === undefined) throw new Error('no lab');
  return {
    lab,
    node,
    remote: lab.servers[0]?.addresses[0] ?? '',
    podAddress: pod.address,
    podNetns: pod.host.netns,
  };
}

function countersOf(node: LabNode): ReturnType<typeof readCounters> {
  enterNetns(node.host.netns);
  return readCounters();
}

function difference(
  before: ReturnType<typeof readCounters>,
  after: ReturnType<typeof readCounters>,
): { drops: number; found: number } {
  return { drops: after.insertFailed - before.insertFailed, found: after.found - before.found };
}

/** Does something at a steady rate. @returns when it really was done, seconds from the first. */
async function paced(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  act: (index: number) => void,
): Promise<number[]> {
  const startedAt = performance.now();
  const atSeconds: number[] = [];
  while (atSeconds.length < perSecond * seconds) {
    const due = ((performance.now() - startedAt) * perSecond) / 1000;
    while (atSeconds.length <= due && atSeconds.length < perSecond * seconds) {
      atSeconds.push((performance.now() - startedAt) / 1000);
      act(atSeconds.length - 1);
    }
    await pause(1);
  }
  return atSeconds;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
