// Makes and ends conntrack entries by ctnetlink, thousands a system call, in the calling thread's network namespace: the storm
// that the agent is tried in. Entries are as real traffic leaves them; no packet is sent.
import { MessageWriter } from '../src/kernel/netlink/message-writer.ts';
import { eachMessage, NETLINK_NETFILTER, NetlinkSocket, NLM_F_REQUEST } from '../src/kernel/netlink/netlink-socket.ts';
import { insertWriter } from './entry-insert.ts';
import type { MixFlow } from './flow-mix.ts';

const AF_INET = 2;
const IPCTNL_MSG_CT_DELETE = 0x102;
const CTA_TUPLE_ORIG = 1;
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

/** IPCTNL_MSG_CT_DELETE of the entry with this ORIGINAL tuple. */
function deleteWriter(): (flow: MixFlow) => Uint8Array {
  const writer = new MessageWriter(256);
  return (flow) => {
    writer.reset().begin(IPCTNL_MSG_CT_DELETE, NLM_F_REQUEST, 0).nfgen(AF_INET);
    writer.nest(CTA_TUPLE_ORIG, (tuple) => {
      tuple.nest(1, (ip) => ip.be32(1, flow.source).be32(2, flow.destination));
      tuple.nest(2, (proto) => proto.u8(1, flow.protocol).be16(2, flow.sourcePort).be16(3, flow.destinationPort));
    });
    return writer.end().bytes;
  };
}
