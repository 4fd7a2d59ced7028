// SNATed entries that begin and end as fast as the kernel lets them: all messages are written beforehand, so that a turn of the
// storm is system calls and nothing else. Each flow lives until so many others have begun after it.
import { eachMessage, NETLINK_NETFILTER, NetlinkSocket } from '../src/kernel/netlink/netlink-socket.ts';
import { deleteWriter } from './entry-delete.ts';
import { insertWriter } from './entry-insert.ts';
import type { MixFlow } from './flow-mix.ts';

/** Below the default net.core.wmem_max (212,992), which bounds one send. */
const SEND_BYTES = 96 * 1024;

export class FlowStorm {
  readonly #socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  readonly #answer = new Uint8Array(65_536);
  readonly #begins: MessageRing;
  readonly #ends: MessageRing;
  readonly #held: number;
  #began = 0;
  #ended = 0;
  #refused = 0;

  /** All flows must be of one kind. `held`: how many live at once. */
  constructor(flows: readonly MixFlow[], held: number) {
    this.#begins = new MessageRing(flows, insertWriter());
    this.#ends = new MessageRing(flows, deleteWriter());
    this.#held = held;
    this.#socket.setReceiveBuffer(8 << 20);
  }

  get began(): number {
    return this.#began;
  }

  /** Entries that began and that ended: each is an event. What the kernel refused is none. */
  get events(): number {
    return this.#began + this.#ended - this.#refused;
  }

  /** Begins so many flows, and ends the oldest of those that are too many. */
  turn(count: number): void {
    this.#began += this.#begins.send(this.#socket, this.#began, count);
    this.#endTo(this.#began - this.#held);
  }

  /** Ends all flows. */
  close(): void {
    this.#endTo(this.#began);
    this.#socket.close();
  }

  #endTo(end: number): void {
    if (end > this.#ended) this.#ended += this.#ends.send(this.#socket, this.#ended, end - this.#ended);
    for (let length = this.#socket.receive(this.#answer); length !== 0; length = this.#socket.receive(this.#answer))
      if (length !== 'overrun') eachMessage(this.#answer, length, () => (this.#refused += 1));
  }
}

/** One message a flow, end to end; after the last comes the first. */
class MessageRing {
  readonly #bytes: Uint8Array;
  readonly #size: number;
  readonly #count: number;

  constructor(flows: readonly MixFlow[], write: (flow: MixFlow) => Uint8Array) {
    const [first] = flows;
    this.#count = flows.length;
    this.#size = first === undefined ? 0 : write(first).length;
    this.#bytes = new Uint8Array(this.#count * this.#size);
    flows.forEach((flow, index) => this.#bytes.set(write(flow), index * this.#size));
  }

  /** Sends `count` messages from the `start`th on. @returns count. */
  send(socket: NetlinkSocket, start: number, count: number): number {
    const most = Math.floor(SEND_BYTES / this.#size);
    for (let sent = 0; sent < count; ) {
      const from = (start + sent) % this.#count;
      const some = Math.min(most, count - sent, this.#count - from);
      socket.send(this.#bytes.subarray(from * this.#size, (from + some) * this.#size));
      sent += some;
    }
    return count;
  }
}
