// How long the kernel takes to create a translated conntrack entry: ctnetlink, messages made beforehand, thousands per system call.
// Run as a worker thread, since it moves into a namespace of its own; answers with nanoseconds of CPU an entry.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { readTableUse } from '../src/kernel/conntrack/table-use.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../src/kernel/netlink/netlink-socket.ts';
import { createNetns } from '../src/kernel/netns/network-namespace.ts';
import { insertWriter } from './entry-insert.ts';

/** 80 % of 32,768 ports towards one destination. */
export const ENTRIES = 26_214;
const ROUNDS = 7;
const BATCH_BYTES = 128 * 1024;

/** CPU nanoseconds an entry: the best of some rounds, each in a new namespace. */
export async function kernelCreateNanoseconds(): Promise<number> {
  const worker = new Worker(new URL(import.meta.url));
  const [answer]: readonly unknown[] = await once(worker, 'message');
  await worker.terminate();
  if (typeof answer !== 'number') throw new Error(`Cannot time the kernel: ${String(answer)}, wanted nanoseconds`);
  return answer;
}

function preparedBatches(): readonly Uint8Array[] {
  const message = insertWriter();
  const batches: Uint8Array[] = [];
  const batch = new Uint8Array(BATCH_BYTES);
  let length = 0;
  for (let index = 0; index < ENTRIES; index += 1) {
    const from = { source: 0x0af40002 + (index % 110), sourcePort: 20_000 + Math.floor(index / 110) };
    const to = { destination: 0xcb007109, destinationPort: 443, snatPort: 32_768 + index };
    const bytes = message({ protocol: 6, ...from, ...to });
    if (length + bytes.length > BATCH_BYTES) {
      batches.push(batch.slice(0, length));
      length = 0;
    }
    batch.set(bytes, length);
    length += bytes.length;
  }
  return [...batches, batch.slice(0, length)];
}

/** One round in a namespace of its own. */
function timeRound(batches: readonly Uint8Array[]): number {
  createNetns();
  const socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  const start = process.cpuUsage();
  for (const batch of batches) socket.send(batch);
  const { user, system } = process.cpuUsage(start);
  socket.close();
  const { count } = readTableUse().value;
  if (count !== ENTRIES) throw new Error(`Cannot time the kernel: ${count} entries were created, wanted ${ENTRIES}`);
  return ((user + system) * 1000) / ENTRIES;
}

if (!isMainThread && parentPort !== null) {
  const batches = preparedBatches();
  parentPort.postMessage(Math.min(...Array.from({ length: ROUNDS }, () => timeRound(batches))));
}
