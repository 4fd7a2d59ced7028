// Writes IPCTNL_MSG_CT_DELETE messages: the entry with this ORIGINAL tuple ends.
import { MessageWriter } from '../src/kernel/netlink/message-writer.ts';
import { NLM_F_REQUEST } from '../src/kernel/netlink/netlink-socket.ts';
import type { MixFlow } from './flow-mix.ts';

const AF_INET = 2;
const IPCTNL_MSG_CT_DELETE = 0x102;
const CTA_TUPLE_ORIG = 1;

/** Makes the message; the bytes are overwritten by the next call. */
export function deleteWriter(): (flow: MixFlow) => Uint8Array {
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
