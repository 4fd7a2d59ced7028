// Makes ipsets by netlink, as `ipset create NAME hash:net` would.
import { MessageWriter } from '../../src/kernel/netlink/message-writer.ts';
import {
  NETLINK_NETFILTER,
  NetlinkSocket,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REQUEST,
} from '../../src/kernel/netlink/netlink-socket.ts';

const IPSET_CMD_CREATE = (6 << 8) | 2;

export function createIpset(name: string, family: 2 | 10): void {
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  const writer = new MessageWriter(256);
  writer
    .begin(IPSET_CMD_CREATE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, socket.nextSequence())
    .nfgen(family);
  writer
    .u8(1, 6)
    .text(2, name)
    .text(3, 'hash:net')
    .u8(4, 0)
    .u8(5, family)
    .nest(7, () => {});
  try {
    socket.request(writer.end().bytes, `create ipset ${name}`);
  } finally {
    socket.close();
  }
}
