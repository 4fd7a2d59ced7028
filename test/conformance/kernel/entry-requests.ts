// Asks ctnetlink for one entry or to delete it, by its original tuple; messages are prepared once and patched.
import { AttributeReader } from '../../../src/kernel/netlink/attribute-reader.ts';
import * as ct from '../../../src/kernel/conntrack/write-numbers.ts';
import { MessageWriter } from '../../../src/kernel/netlink/message-writer.ts';
import {
  eachMessage,
  NETLINK_NETFILTER,
  NetlinkSocket,
  NLM_F_REQUEST,
  RECEIVE_BYTES,
} from '../../../src/kernel/netlink/netlink-socket.ts';
import { packAddress } from '../../../src/kernel/netlink/pack-address.ts';
import type { Flow } from '../nat-node.ts';

/** IPv4 TCP and UDP entries of this thread's namespace. */
export class EntryRequests {
  readonly #socket = new NetlinkSocket(NETLINK_NETFILTER, { timeoutSeconds: 1 });
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);
  readonly #addresses = new Map<string, Uint8Array>();
  readonly #delete = new PreparedTuple(ct.IPCTNL_MSG_CT_DELETE);
  readonly #get = new PreparedTuple(ct.IPCTNL_MSG_CT_GET);
  readonly #ageing = new Map<string, PreparedTuple>();

  /** Without NLM_F_ACK only a refusal is answered: ENOENT when there was no such entry, which is left unread. */
  delete(flow: Flow): void {
    this.#socket.send(this.#patched(this.#delete, flow));
  }

  /** Puts a TCP entry into a state as if its packets had done so; the sequence numbers it has seen stay. */
  age(flow: Flow, { tcpState, fixed }: { readonly tcpState: number; readonly fixed: boolean }): void {
    const key = `${tcpState} ${fixed}`;
    let message = this.#ageing.get(key);
    if (message === undefined) {
      message = new PreparedTuple(ct.IPCTNL_MSG_CT_NEW, (writer) => {
        if (fixed) writer.be32(ct.CTA_STATUS, ct.IPS_CONFIRMED | ct.IPS_FIXED_TIMEOUT);
        writer.nest(ct.CTA_PROTOINFO, () =>
          writer.nest(ct.CTA_PROTOINFO_TCP, () => writer.u8(ct.CTA_PROTOINFO_TCP_STATE, tcpState)),
        );
      });
      this.#ageing.set(key, message);
    }
    this.#socket.send(this.#patched(message, flow));
  }

  /** The port that the entry holds: destination port of its reply tuple. */
  snatPort(flow: Flow): number | undefined {
    while (this.#receive(false) !== 0);
    this.#socket.send(this.#patched(this.#get, flow));
    let port: number | undefined;
    const length = this.#receive(true);
    eachMessage(this.#buffer, length, (message) => {
      if (message.type !== ct.ctMessage(ct.IPCTNL_MSG_CT_NEW)) return;
      port = replyPort(new AttributeReader(message.bytes, message.start + 4, message.stop));
    });
    return port;
  }

  close(): void {
    this.#socket.close();
  }

  #receive(wait: boolean): number {
    const length = this.#socket.receive(this.#buffer, wait);
    return length === 'overrun' ? 1 : length;
  }

  #patched(prepared: PreparedTuple, flow: Flow): Uint8Array {
    return prepared.patch(flow, { source: this.#packed(flow.source), remote: this.#packed(flow.remote) });
  }

  #packed(address: string): Uint8Array {
    let bytes = this.#addresses.get(address);
    if (bytes === undefined) this.#addresses.set(address, (bytes = packAddress(address).bytes));
    return bytes;
  }
}

/** One message with an original tuple whose fields are overwritten before each use. */
class PreparedTuple {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #at = { source: 0, remote: 0, protocol: 0, ports: 0 };

  constructor(message: number, writeRest: (writer: MessageWriter) => void = () => {}) {
    const writer = new MessageWriter(128).begin(ct.ctMessage(message), NLM_F_REQUEST, 1).nfgen(2);
    writer.nest(ct.CTA_TUPLE_ORIG, () => {
      writer.nest(ct.CTA_TUPLE_IP, () => {
        this.#at.source = writer.length + 4;
        writer.be32(ct.CTA_IP_V4_SRC, 0);
        this.#at.remote = writer.length + 4;
        writer.be32(ct.CTA_IP_V4_DST, 0);
      });
      writer.nest(ct.CTA_TUPLE_PROTO, () => {
        this.#at.protocol = writer.length + 4;
        writer.u8(ct.CTA_PROTO_NUM, 0);
        this.#at.ports = writer.length + 4;
        writer.be16(ct.CTA_PROTO_SRC_PORT, 0).be16(ct.CTA_PROTO_DST_PORT, 0);
      });
    });
    writeRest(writer);
    this.#bytes = writer.end().bytes.slice();
    this.#view = new DataView(this.#bytes.buffer);
  }

  patch(flow: Flow, packed: { readonly source: Uint8Array; readonly remote: Uint8Array }): Uint8Array {
    this.#bytes.set(packed.source, this.#at.source);
    this.#bytes.set(packed.remote, this.#at.remote);
    this.#bytes[this.#at.protocol] = flow.protocol;
    this.#view.setUint16(this.#at.ports, flow.sourcePort);
    this.#view.setUint16(this.#at.ports + 8, flow.remotePort);
    return this.#bytes;
  }
}

function replyPort(attributes: AttributeReader): number | undefined {
  while (attributes.next()) {
    if (attributes.type !== ct.CTA_TUPLE_REPLY) continue;
    const tuple = attributes.nested();
    while (tuple.next()) {
      if (tuple.type !== ct.CTA_TUPLE_PROTO) continue;
      const fields = tuple.nested();
      while (fields.next()) if (fields.type === ct.CTA_PROTO_DST_PORT) return fields.be16();
    }
  }
  return undefined;
}
