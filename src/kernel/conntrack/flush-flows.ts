// Deletes every conntrack entry of this thread's namespace (IPCTNL_MSG_CT_DELETE without a tuple).
import { MessageWriter } from '../netlink/message-writer.ts';
import { NETLINK_NETFILTER, NetlinkSocket, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';
import { ctMessage, IPCTNL_MSG_CT_DELETE } from './write-numbers.ts';

/** Errors: PTL_NETLINK. */
export function flushFlows(): void {
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  try {
    const writer = new MessageWriter(64);
    writer
      .begin(ctMessage(IPCTNL_MSG_CT_DELETE), NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence())
      .nfgen(0)
      .end();
    socket.request(writer.bytes, 'delete all conntrack entries');
  } finally {
    socket.close();
  }
}
