// Asks ctnetlink where one flow leaves from: a get by its original tuple, any family and protocol under test.
import { formatAddress } from '../../../src/core/model/address.ts';
import { ICMP } from '../../../src/core/model/protocol.ts';
import * as ct from '../../../src/kernel/conntrack/ctnetlink.ts';
import { AttributeReader } from '../../../src/kernel/netlink/attribute-reader.ts';
import { MessageWriter } from '../../../src/kernel/netlink/message-writer.ts';
import {
  eachMessage,
  type NetlinkSocket,
  NLM_F_REQUEST,
  RECEIVE_BYTES,
} from '../../../src/kernel/netlink/netlink-socket.ts';
import { AF_INET, packAddress } from '../../../src/kernel/netlink/pack-address.ts';
import type { Flow, Translated } from '../nat-node.ts';

const CTA_PROTO_NUM = 1;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_ICMP_TYPE = 5;
const CTA_PROTO_ICMP_CODE = 6;
const ECHO_REQUEST = 8;

const buffer = new Uint8Array(RECEIVE_BYTES);

/** undefined when there is no such entry. */
export function readTranslation(socket: NetlinkSocket, flow: Flow): Translated | undefined {
  while (socket.receive(buffer, false) !== 0);
  socket.send(getRequest(flow));
  const length = socket.receive(buffer);
  let translated: Translated | undefined;
  if (length === 'overrun') return undefined;
  eachMessage(buffer, length, ({ type, bytes, start, stop }) => {
    if (type === ct.IPCTNL_MSG_CT_NEW)
      translated = replyOf(new AttributeReader(bytes, start + ct.NFGENMSG_BYTES, stop));
  });
  return translated;
}

function getRequest(flow: Flow): Uint8Array {
  const [source, remote] = [packAddress(flow.source), packAddress(flow.remote)];
  const isFour = source.family === AF_INET;
  const writer = new MessageWriter(256).begin(ct.IPCTNL_MSG_CT_GET, NLM_F_REQUEST, 1).nfgen(source.family);
  writer.nest(ct.CTA_TUPLE_ORIG, () => {
    writer.nest(ct.CTA_TUPLE_IP, () => {
      writer.attribute(isFour ? ct.CTA_IP_V4_SRC : ct.CTA_IP_V6_SRC, source.bytes);
      writer.attribute(isFour ? ct.CTA_IP_V4_DST : ct.CTA_IP_V6_DST, remote.bytes);
    });
    writer.nest(ct.CTA_TUPLE_PROTO, () => writeProtocol(writer, flow));
  });
  return writer.end().bytes;
}

function writeProtocol(writer: MessageWriter, flow: Flow): void {
  writer.u8(CTA_PROTO_NUM, flow.protocol);
  if (flow.protocol === ICMP)
    writer.be16(ct.CTA_PROTO_ICMP_ID, flow.sourcePort).u8(CTA_PROTO_ICMP_TYPE, ECHO_REQUEST).u8(CTA_PROTO_ICMP_CODE, 0);
  else writer.be16(CTA_PROTO_SRC_PORT, flow.sourcePort).be16(ct.CTA_PROTO_DST_PORT, flow.remotePort);
}

/** Destination address and port (or identifier) of the reply tuple. */
function replyOf(attributes: AttributeReader): Translated {
  let [address, port] = ['', -1];
  while (attributes.next()) {
    if (attributes.type !== ct.CTA_TUPLE_REPLY) continue;
    const tuple = attributes.nested();
    while (tuple.next()) {
      const fields = tuple.nested();
      while (fields.next()) {
        if (tuple.type === ct.CTA_TUPLE_IP && (fields.type === ct.CTA_IP_V4_DST || fields.type === ct.CTA_IP_V6_DST))
          address = addressText(fields.value());
        else if (
          tuple.type === ct.CTA_TUPLE_PROTO &&
          (fields.type === ct.CTA_PROTO_DST_PORT || fields.type === ct.CTA_PROTO_ICMP_ID)
        )
          port = fields.be16();
      }
    }
  }
  return { address, port };
}

function addressText(bytes: Uint8Array): string {
  return bytes.length === 4 ? bytes.join('.') : formatAddress(bytes);
}
