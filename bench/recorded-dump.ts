// One whole ctnetlink dump kept in memory, datagram by datagram, so that a reader can be timed without the kernel.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { IPCTNL_MSG_CT_GET } from '../src/kernel/conntrack/ctnetlink.ts';
import { MessageWriter } from '../src/kernel/netlink/message-writer.ts';
import {
  NETLINK_NETFILTER,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NetlinkSocket,
  RECEIVE_BYTES,
} from '../src/kernel/netlink/netlink-socket.ts';
import { createNetns } from '../src/kernel/netns/network-namespace.ts';
import { populate } from './populate.ts';

const NLMSG_DONE = 3;

export interface RecordedDump {
  readonly entries: number;
  /** As received, in order; the last holds NLMSG_DONE. */
  readonly datagrams: readonly Uint8Array[];
}

/** Fills a namespace of a thread's own with the mix and dumps it once; both are gone when this returns. */
export async function recordDump(entries: number): Promise<RecordedDump> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { recordEntries: entries } });
  const [dump] = (await once(worker, 'message')) as [RecordedDump];
  await worker.terminate();
  return dump;
}

function receiveDump(): readonly Uint8Array[] {
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  try {
    socket.send(
      new MessageWriter(64)
        .begin(IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_DUMP, 1)
        .nfgen(0)
        .end().bytes,
    );
    const datagrams: Uint8Array[] = [];
    const buffer = new Uint8Array(RECEIVE_BYTES);
    for (;;) {
      const length = socket.receive(buffer);
      if (length === 'overrun' || length === 0) throw new Error('Cannot record a dump: the kernel lost part of it');
      datagrams.push(buffer.slice(0, length));
      if (endsDump(buffer, length)) return datagrams;
    }
  } finally {
    socket.close();
  }
}

function endsDump(bytes: Uint8Array, length: number): boolean {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 16 <= length; at += (view.getUint32(at, true) + 3) & ~3) {
    if (view.getUint16(at + 4, true) === NLMSG_DONE) return true;
  }
  return false;
}

if (!isMainThread && parentPort !== null) {
  const { recordEntries } = workerData as { readonly recordEntries: number };
  createNetns();
  const entries = populate(recordEntries);
  parentPort.postMessage({ entries, datagrams: receiveDump() } satisfies RecordedDump);
}
