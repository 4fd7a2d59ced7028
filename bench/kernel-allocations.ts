// What the running kernel takes for a new entry whose SNAT port it has to search, at a given use of the range. Runs in a thread that
// moves to a network namespace of its own; the entries are made by ctnetlink, so no packet and no device is in the figure.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { UDP } from '../src/core/model/protocol.ts';
import { readTableUse } from '../src/kernel/conntrack/table-use.ts';
import { MessageWriter } from '../src/kernel/netlink/message-writer.ts';
import {
  NETLINK_NETFILTER,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  NetlinkSocket,
} from '../src/kernel/netlink/netlink-socket.ts';
import { createNetns } from '../src/kernel/netns/network-namespace.ts';

/** Everything goes to one remote: one port space. */
export interface KernelLoad {
  readonly range: { readonly first: number; readonly last: number };
  /** Entries before the clock starts. */
  readonly held: number;
  /** Entries while it runs. */
  readonly measured: number;
}

export interface KernelCost {
  /** Of CPU time per entry; the messages are prepared, so nearly all of it is the kernel's. */
  readonly nanoseconds: number;
  /** Entries at the end: fewer than asked for when searches gave up. */
  readonly entries: number;
}

/** Measures in a thread of its own; fails where network namespaces are not allowed. */
export async function kernelAllocations(load: KernelLoad): Promise<KernelCost> {
  const worker = new Worker(new URL(import.meta.url), { workerData: load });
  const [cost] = (await once(worker, 'message')) as [KernelCost];
  return cost;
}

const AF_INET = 2;
const IPCTNL_MSG_CT_NEW = 0x100;
const NODE = 0xc000020a;
const REMOTE = 0xcb007109;
const REMOTE_PORT = 53;
const PODS = 0x0af40002;
const TIMEOUT_SECONDS = 7200;
const BATCH = 256;
/** IPS_SEEN_REPLY | IPS_ASSURED | IPS_CONFIRMED. */
const STATUS = 0xe;

/** IPCTNL_MSG_CT_NEW with a range to search in (CTA_NAT_SRC); the source port lies below it, so none is kept. */
function newEntry(index: number, { first, last }: KernelLoad['range']): Uint8Array {
  const source = { address: PODS + Math.floor(index / 1000), port: 20_000 + (index % 1000) };
  const remote = { address: REMOTE, port: REMOTE_PORT };
  const writer = new MessageWriter(512);
  writer.begin(IPCTNL_MSG_CT_NEW, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL, 0).nfgen(AF_INET);
  for (const [type, from, to] of [
    [1, source, remote],
    [2, remote, source],
  ] as const) {
    writer.nest(type, (tuple) => {
      tuple.nest(1, (ip) => ip.be32(1, from.address).be32(2, to.address));
      tuple.nest(2, (proto) => proto.u8(1, UDP).be16(2, from.port).be16(3, to.port));
    });
  }
  writer.be32(3, STATUS).be32(7, TIMEOUT_SECONDS);
  writer.nest(6, (nat) => {
    nat.be32(1, NODE).be32(2, NODE);
    nat.nest(3, (proto) => proto.be16(1, first).be16(2, last));
  });
  return writer.end().bytes.slice();
}

/** Sends what was prepared. @returns nanoseconds of CPU time of this process, which does nothing else meanwhile. */
function send(socket: NetlinkSocket, batches: readonly Uint8Array[]): number {
  const start = process.cpuUsage();
  for (const batch of batches) socket.send(batch);
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

function batchesOf({ range }: KernelLoad, { from, count }: { from: number; count: number }): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => {
    const entries = Math.min(BATCH, count - batch * BATCH);
    return Buffer.concat(Array.from({ length: entries }, (__, index) => newEntry(from + batch * BATCH + index, range)));
  });
}

function measure(load: KernelLoad): KernelCost {
  const socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  try {
    send(socket, batchesOf(load, { from: 0, count: load.held }));
    const nanoseconds = send(socket, batchesOf(load, { from: load.held, count: load.measured }));
    return { nanoseconds: nanoseconds / load.measured, entries: readTableUse().value.count };
  } finally {
    socket.close();
  }
}

if (!isMainThread && parentPort !== null) {
  createNetns();
  parentPort.postMessage(measure(workerData as KernelLoad));
}
