// Records test/corpora/conntrack/entries.hex: one ctnetlink dump message per line, as this kernel wrote it. Run in a namespace
// that holds entries: `unshare -n sh -c '...; node dist/test/conntrack/record-child.js >test/corpora/conntrack/entries.hex'`.
import { MessageWriter } from '../../src/kernel/netlink/message-writer.ts';
import {
  NETLINK_NETFILTER,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NetlinkSocket,
} from '../../src/kernel/netlink/netlink-socket.ts';
import { IPCTNL_MSG_CT_GET } from '../../src/kernel/conntrack/ctnetlink.ts';

const request = new MessageWriter(64)
  .begin(IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_DUMP, 1)
  .nfgen(0)
  .end();
const socket = new NetlinkSocket(NETLINK_NETFILTER);
socket.dump(request.bytes, 'record conntrack entries', ({ bytes, start, stop }) => {
  console.log(Buffer.from(bytes.subarray(start - 16, stop)).toString('hex'));
});
socket.close();
