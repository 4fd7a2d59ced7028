// Fills the calling thread's network namespace with conntrack entries by ctnetlink, no packet sent.
import { readTableUse } from '../src/kernel/conntrack/table-use.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../src/kernel/netlink/netlink-socket.ts';
import { insertWriter } from './entry-insert.ts';
import { flowMix } from './flow-mix.ts';

/** What one send may hold under the default net.core.wmem_max. */
const BATCH_BYTES = 128 * 1024;

/** Inserts the mix of `entries` flows. @returns how many the namespace then holds. */
export function populate(entries: number): number {
  const socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  try {
    const message = insertWriter();
    const batch = new Uint8Array(BATCH_BYTES);
    let length = 0;
    for (const flow of flowMix(entries)) {
      const bytes = message(flow);
      if (length + bytes.length > BATCH_BYTES) {
        socket.send(batch.subarray(0, length));
        drain(socket);
        length = 0;
      }
      batch.set(bytes, length);
      length += bytes.length;
    }
    socket.send(batch.subarray(0, length));
    drain(socket);
  } finally {
    socket.close();
  }
  return readTableUse().value.count;
}

/** Refusals only: nothing asked for an acknowledgement. The count at the end says how many there were. */
function drain(socket: NetlinkSocket): void {
  while (socket.receive(undefined, false) !== 0) continue;
}
