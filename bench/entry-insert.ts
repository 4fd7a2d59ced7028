// Writes IPCTNL_MSG_CT_NEW messages by patching a prepared one: about 6 us an entry, nearly all of it the kernel's.
import { MessageWriter } from '../src/kernel/netlink/message-writer.ts';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from '../src/kernel/netlink/netlink-socket.ts';
import { type MixFlow, NODE_ADDRESS } from './flow-mix.ts';

const AF_INET = 2;
const IPCTNL_MSG_CT_NEW = 0x100;
const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_STATUS = 3;
const CTA_PROTOINFO = 4;
const CTA_NAT_SRC = 6;
const CTA_TIMEOUT = 7;
/** IPS_SEEN_REPLY | IPS_ASSURED | IPS_CONFIRMED. */
const STATUS = 0xe;
const ESTABLISHED = 3;
const TIMEOUT_SECONDS = 7200;

/** A message with the places of its variable fields. */
class PreparedEntry {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #addresses: number[] = [];
  readonly #ports: number[] = [];
  readonly #nat: number[] = [];
  readonly #natPorts: number[] = [];
  readonly #timeout: number;
  #state = 0;

  constructor(protocol: 6 | 17, isSnat: boolean) {
    const writer = new MessageWriter(512);
    writer.begin(IPCTNL_MSG_CT_NEW, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL, 0).nfgen(AF_INET);
    this.#tuple(writer, CTA_TUPLE_ORIG, protocol);
    this.#tuple(writer, CTA_TUPLE_REPLY, protocol);
    this.#timeout = writer.be32(CTA_STATUS, STATUS).length + 4;
    writer.be32(CTA_TIMEOUT, TIMEOUT_SECONDS);
    if (protocol === 6) writer.nest(CTA_PROTOINFO, (info) => info.nest(1, (tcp) => this.#placeState(tcp)));
    if (isSnat) this.#natRange(writer);
    this.bytes = writer.end().bytes.slice();
    this.#view = new DataView(this.bytes.buffer);
  }

  patch(flow: MixFlow): Uint8Array {
    const { source, destination, sourcePort, destinationPort } = flow;
    this.#set32(this.#addresses, [source, destination, destination, source]);
    this.#set16(this.#ports, [sourcePort, destinationPort, destinationPort, sourcePort]);
    if (flow.protocol === 6) this.#view.setUint8(this.#state, flow.tcpState ?? ESTABLISHED);
    this.#view.setUint32(this.#timeout, flow.timeoutSeconds ?? TIMEOUT_SECONDS, false);
    if (flow.snatPort !== undefined) {
      this.#set32(this.#nat, [NODE_ADDRESS, NODE_ADDRESS]);
      this.#set16(this.#natPorts, [flow.snatPort, flow.snatPort]);
    }
    return this.bytes;
  }

  #set32(places: readonly number[], values: readonly number[]): void {
    places.forEach((place, index) => this.#view.setUint32(place, values[index] ?? 0, false));
  }

  #set16(places: readonly number[], values: readonly number[]): void {
    places.forEach((place, index) => this.#view.setUint16(place, values[index] ?? 0, false));
  }

  /** CTA_TUPLE_IP {V4_SRC, V4_DST}, CTA_TUPLE_PROTO {NUM, SRC_PORT, DST_PORT}. */
  #tuple(writer: MessageWriter, type: number, protocol: number): void {
    writer.nest(type, (tuple) => {
      tuple.nest(1, (ip) => {
        for (const address of [1, 2]) this.#place(this.#addresses, ip).be32(address, 0);
      });
      tuple.nest(2, (proto) => {
        proto.u8(1, protocol);
        for (const port of [2, 3]) this.#place(this.#ports, proto).be16(port, 0);
      });
    });
  }

  /** CTA_NAT_V4_MINIP, CTA_NAT_V4_MAXIP, CTA_NAT_PROTO {CTA_PROTONAT_PORT_MIN, CTA_PROTONAT_PORT_MAX}. */
  #natRange(writer: MessageWriter): void {
    writer.nest(CTA_NAT_SRC, (nat) => {
      for (const address of [1, 2]) this.#place(this.#nat, nat).be32(address, 0);
      nat.nest(3, (proto) => {
        for (const port of [1, 2]) this.#place(this.#natPorts, proto).be16(port, 0);
      });
    });
  }

  #placeState(tcp: MessageWriter): void {
    this.#state = tcp.length + 4;
    tcp.u8(1, ESTABLISHED);
  }

  #place(places: number[], writer: MessageWriter): MessageWriter {
    places.push(writer.length + 4);
    return writer;
  }
}

/** Makes the message that inserts a flow; the bytes are overwritten by the next call for the same kind of flow. */
export function insertWriter(): (flow: MixFlow) => Uint8Array {
  const tcpSnat = new PreparedEntry(6, true);
  const tcp = new PreparedEntry(6, false);
  const udp = new PreparedEntry(17, false);
  return (flow) => (flow.protocol === 17 ? udp : flow.snatPort === undefined ? tcp : tcpSnat).patch(flow);
}
