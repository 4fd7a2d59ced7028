// The SNAT ports of one remote in this thread's namespace, and how many entries a status filter lets through: as much of a
// ctnetlink dump as the probe needs.
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NETLINK_NETFILTER, NetlinkSocket, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';
import {
  CTA_IP_V4_SRC,
  CTA_PROTO_DST_PORT,
  CTA_STATUS,
  CTA_STATUS_MASK,
  CTA_TUPLE_IP,
  CTA_TUPLE_PROTO,
  CTA_TUPLE_REPLY,
  ctMessage,
  IPCTNL_MSG_CT_GET,
} from '../conntrack/write-numbers.ts';
import { AF_INET } from '../netlink/pack-address.ts';

/** REPLY destination ports of the entries whose remote has this last address byte (the probe uses 127.0.0.x only). */
export function readSnatPorts(remoteLastByte: number): readonly number[] {
  const ports: number[] = [];
  dumpEntries(undefined, (reader) => {
    while (reader.next()) {
      if (reader.type !== CTA_TUPLE_REPLY) continue;
      const reply = readReply(reader.nested());
      if (reply.sourceLastByte === remoteLastByte) ports.push(reply.destinationPort);
    }
  });
  return ports;
}

/** How many entries the kernel sends when asked for those with this status bit only; all of them when it is undefined. */
export function countEntries(statusBit?: number): number {
  let entries = 0;
  dumpEntries(statusBit, () => {
    entries += 1;
  });
  return entries;
}

function dumpEntries(statusBit: number | undefined, visit: (reader: AttributeReader) => void): void {
  const socket = new NetlinkSocket(NETLINK_NETFILTER, { timeoutSeconds: 1 });
  try {
    const writer = new MessageWriter(64);
    writer.begin(ctMessage(IPCTNL_MSG_CT_GET), NLM_F_REQUEST | NLM_F_DUMP, socket.nextSequence()).nfgen(AF_INET);
    if (statusBit !== undefined) writer.be32(CTA_STATUS, statusBit).be32(CTA_STATUS_MASK, statusBit);
    socket.dump(writer.end().bytes, 'dump conntrack', (message) => {
      visit(new AttributeReader(message.bytes, message.start + 4, message.stop));
    });
  } finally {
    socket.close();
  }
}

function readReply(tuple: AttributeReader): { sourceLastByte: number; destinationPort: number } {
  let sourceLastByte = -1;
  let destinationPort = 0;
  while (tuple.next()) {
    const fields = tuple.nested();
    if (tuple.type === CTA_TUPLE_IP) {
      while (fields.next()) if (fields.type === CTA_IP_V4_SRC) sourceLastByte = fields.be32() & 0xff;
    } else if (tuple.type === CTA_TUPLE_PROTO) {
      while (fields.next()) if (fields.type === CTA_PROTO_DST_PORT) destinationPort = fields.be16();
    }
  }
  return { sourceLastByte, destinationPort };
}
