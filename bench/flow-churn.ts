// Makes and ends conntrack entries by ctnetlink, thousands a system call, in the calling thread's network namespace: the storm
// that the agent is tried in. Entries are as real traffic leaves them; no packet is sent.
import { eachMessage, NETLINK_NETFILTER, NetlinkSocket } from '../src/kernel/netlink/netlink-socket.ts';
import { deleteWriter } from './entry-delete.ts';
import { insertWriter } from './entry-insert.ts';
import type { MixFlow } from './flow-mix.ts';

/** Below the default net.core.wmem_max (212,992), which bounds one send. */
const BATCH_BYTES = 96 * 1024;

/** Entries in the making; `flush` sends what is left. */
export class FlowChurn {
  readonly #socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  readonly #insert = insertWriter();
  readonly #delete = deleteWriter();
  readonly #batch = new Uint8Array(BATCH_BYTES);
  readonly #answer = new Uint8Array(65_536);
  #length = 0;
  #refused = 0;

  constructor() {
    this.#socket.setReceiveBuffer(8 << 20);
  }

  /** Requests the kernel refused: an entry that was there, or was not. */
  get refused(): number {
    return this.#refused;
  }

  insert(flow: MixFlow): void {
    this.#add(this.#insert(flow));
  }

  delete(flow: MixFlow): void {
    this.#add(this.#delete(flow));
  }

  flush(): void {
    if (this.#length > 0) this.#socket.send(this.#batch.subarray(0, this.#length));
    this.#length = 0;
    for (let length = this.#socket.receive(this.#answer); length !== 0; length = this.#socket.receive(this.#answer))
      if (length !== 'overrun') eachMessage(this.#answer, length, () => (this.#refused += 1));
  }

  close(): void {
    this.#socket.close();
  }

  #add(message: Uint8Array): void {
    if (this.#length + message.length > BATCH_BYTES) this.flush();
    this.#batch.set(message, this.#length);
    this.#length += message.length;
  }
}
