// Reads, deletes and ages single entries by their original tuple.
import * as ct from '../../../src/kernel/conntrack/write-numbers.ts';
import { MessageWriter } from '../../../src/kernel/netlink/message-writer.ts';
import { NETLINK_NETFILTER, NetlinkSocket, NLM_F_REQUEST } from '../../../src/kernel/netlink/netlink-socket.ts';
import { packAddress } from '../../../src/kernel/netlink/pack-address.ts';
import type { Flow, Translated } from '../nat-node.ts';
import { readTranslation } from './held-translation.ts';

/** Entries of this thread's namespace; delete and age know IPv4 TCP and UDP, by messages prepared once and patched. */
export class EntryRequests {
  readonly #socket = new NetlinkSocket(NETLINK_NETFILTER, { timeoutSeconds: 1 });
  readonly #addresses = new Map<string, Uint8Array>();
  readonly #delete = new PreparedTuple(ct.IPCTNL_MSG_CT_DELETE);
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

  /** Where the entry's flow leaves from. */
  translated(flow: Flow): Translated | undefined {
    return readTranslation(this.#socket, flow);
  }

  close(): void {
    this.#socket.close();
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
