// Creates conntrack entries by ctnetlink, thousands per system call (ctnetlink_new_conntrack in nf_conntrack_netlink.c).
import { TCP } from '../../core/model/protocol.ts';
import { ESTABLISHED } from '../../core/model/tcp-state.ts';
import { errnoName } from '../netlink/errno.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import {
  eachMessage,
  NETLINK_NETFILTER,
  NetlinkSocket,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  RECEIVE_BYTES,
} from '../netlink/netlink-socket.ts';
import { AF_INET, packAddress } from '../netlink/pack-address.ts';
import * as ct from './write-numbers.ts';
import type { FillReport, FlowFill } from './flow-fill.ts';

/** Below the default net.core.wmem_max (212,992), which bounds one send. */
const SEND_BYTES = 128 * 1024;

/** Creates every flow of the fill in this thread's namespace; what the kernel refuses is counted. Errors: PTL_LIBC. */
export function createFlows(fill: FlowFill): FillReport {
  const socket = new NetlinkSocket(NETLINK_NETFILTER, { nonBlocking: true });
  socket.setReceiveBuffer(4 << 20);
  const refusals = new RefusalCount(socket);
  const encoder = new FlowEncoder(fill);
  const writer = new MessageWriter(SEND_BYTES + 4096);
  try {
    fill.snatPorts.forEach((port, index) => {
      encoder.write(writer, { port, index, sequence: socket.nextSequence() });
      if (writer.length >= SEND_BYTES) flush(socket, writer, refusals);
    });
    if (writer.length > 0) flush(socket, writer, refusals);
  } finally {
    socket.close();
  }
  return refusals.report(fill.snatPorts.length);
}

function flush(socket: NetlinkSocket, writer: MessageWriter, refusals: RefusalCount): void {
  socket.send(writer.bytes);
  writer.reset();
  refusals.drain();
}

/** Counts the NLMSG_ERROR answers: without NLM_F_ACK only refusals are answered. */
class RefusalCount {
  readonly #socket: NetlinkSocket;
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);
  #refused = 0;
  #first = 0;

  constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  drain(): void {
    for (;;) {
      const length = this.#socket.receive(this.#buffer);
      if (length === 0 || length === 'overrun') return;
      eachMessage(this.#buffer, length, (message) => {
        this.#refused += 1;
        if (this.#first !== 0) return;
        this.#first = -new DataView(this.#buffer.buffer).getInt32(message.start, true);
      });
    }
  }

  report(asked: number): FillReport {
    const report = { created: asked - this.#refused, refused: this.#refused };
    return this.#first === 0 ? report : { ...report, firstRefusal: errnoName(this.#first) };
  }
}

interface NumberedFlow {
  readonly port: number;
  readonly index: number;
  readonly sequence: number;
}

/** Writes one IPCTNL_MSG_CT_NEW per flow. */
class FlowEncoder {
  readonly #fill: FlowFill;
  readonly #sources: readonly Uint8Array[];
  readonly #remote: Uint8Array;
  readonly #snat: Uint8Array;

  constructor(fill: FlowFill) {
    this.#fill = fill;
    this.#sources = fill.sources.map((source) => packAddress(source).bytes);
    this.#remote = packAddress(fill.remoteAddress).bytes;
    this.#snat = packAddress(fill.snatAddress).bytes;
  }

  write(writer: MessageWriter, { port, index, sequence }: NumberedFlow): void {
    const fill = this.#fill;
    const source = this.#sources[index % this.#sources.length] ?? this.#snat;
    const sourcePort = fill.firstSourcePort + Math.floor(index / this.#sources.length);
    writer.begin(ct.ctMessage(ct.IPCTNL_MSG_CT_NEW), NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL, sequence);
    writer.nfgen(AF_INET);
    const there = { source, destination: this.#remote, sourcePort, destinationPort: fill.remotePort };
    const back = {
      source: this.#remote,
      destination: source,
      sourcePort: fill.remotePort,
      destinationPort: sourcePort,
    };
    writeTuple(writer, { type: ct.CTA_TUPLE_ORIG, protocol: fill.protocol, ...there });
    writeTuple(writer, { type: ct.CTA_TUPLE_REPLY, protocol: fill.protocol, ...back });
    writer.be32(ct.CTA_TIMEOUT, this.#timeout(index)).be32(ct.CTA_STATUS, this.#status());
    if (fill.protocol === TCP) writeTcpState(writer, this.#state(index));
    this.#writeNat(writer, port);
    writer.end();
  }

  #writeNat(writer: MessageWriter, port: number): void {
    writer.nest(ct.CTA_NAT_SRC, () => {
      writer.attribute(ct.CTA_NAT_V4_MINIP, this.#snat).attribute(ct.CTA_NAT_V4_MAXIP, this.#snat);
      writer.nest(ct.CTA_NAT_PROTO, () => {
        writer.be16(ct.CTA_PROTONAT_PORT_MIN, port).be16(ct.CTA_PROTONAT_PORT_MAX, port);
      });
    });
  }

  #timeout(index: number): number {
    const { first, last } = this.#fill.timeoutSeconds;
    const steps = Math.max(1, this.#fill.snatPorts.length - 1);
    return Math.round(first + ((last - first) * index) / steps);
  }

  #status(): number {
    const { replies = 'stream' } = this.#fill;
    const seen = replies === 'none' ? 0 : ct.IPS_SEEN_REPLY;
    const assured = replies === 'stream' ? ct.IPS_ASSURED : 0;
    return ct.IPS_CONFIRMED | seen | assured | (this.#fill.fixed === true ? ct.IPS_FIXED_TIMEOUT : 0);
  }

  #state(index: number): number {
    const states = this.#fill.tcpStates ?? [ESTABLISHED];
    return states[index % states.length] ?? ESTABLISHED;
  }
}

interface TupleFields {
  readonly type: number;
  readonly protocol: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

function writeTuple(writer: MessageWriter, tuple: TupleFields): void {
  writer.nest(tuple.type, () => {
    writer.nest(ct.CTA_TUPLE_IP, () => {
      writer.attribute(ct.CTA_IP_V4_SRC, tuple.source).attribute(ct.CTA_IP_V4_DST, tuple.destination);
    });
    writer.nest(ct.CTA_TUPLE_PROTO, () => {
      writer.u8(ct.CTA_PROTO_NUM, tuple.protocol);
      writer.be16(ct.CTA_PROTO_SRC_PORT, tuple.sourcePort).be16(ct.CTA_PROTO_DST_PORT, tuple.destinationPort);
    });
  });
}

function writeTcpState(writer: MessageWriter, state: number): void {
  writer.nest(ct.CTA_PROTOINFO, () => {
    writer.nest(ct.CTA_PROTOINFO_TCP, () => writer.u8(ct.CTA_PROTOINFO_TCP_STATE, state));
  });
}
