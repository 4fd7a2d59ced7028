// Writes a `masq` expression as a careless netlink program would: port registers, but no NF_NAT_RANGE_PROTO_SPECIFIED.
import { MessageWriter } from '../../src/kernel/netlink/message-writer.ts';
import {
  NETLINK_NETFILTER,
  NetlinkSocket,
  NLM_F_ACK,
  NLM_F_APPEND,
  NLM_F_CREATE,
  NLM_F_REQUEST,
} from '../../src/kernel/netlink/netlink-socket.ts';

const NFNL_MSG_BATCH_BEGIN = 0x10;
const NFNL_MSG_BATCH_END = 0x11;
const NFT_MSG_NEWRULE = (10 << 8) | 6;
const NFNL_SUBSYS_NFTABLES = 10;

/** Adds the rule to chain `chain` of table `ip raw-masq`. */
export function addUnspecifiedMasquerade(chain: string): void {
  const socket = new NetlinkSocket(NETLINK_NETFILTER);
  const writer = new MessageWriter();
  writer.begin(NFNL_MSG_BATCH_BEGIN, NLM_F_REQUEST, 1).nfgen(0, NFNL_SUBSYS_NFTABLES).end();
  writer.begin(NFT_MSG_NEWRULE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_APPEND, 2).nfgen(2);
  writer.text(1, 'raw-masq').text(2, chain);
  writer.nest(4, (list) => {
    immediatePort(list, 1, 41_000);
    immediatePort(list, 2, 41_099);
    expression(list, 'masq', (data) => data.be32(1, 0x10).be32(2, 1).be32(3, 2));
  });
  writer.end();
  writer.begin(NFNL_MSG_BATCH_END, NLM_F_REQUEST, 3).nfgen(0, NFNL_SUBSYS_NFTABLES).end();
  try {
    socket.batch(writer.bytes, 1, 'add a masquerade rule');
  } finally {
    socket.close();
  }
}

function immediatePort(list: MessageWriter, register: number, port: number): void {
  expression(list, 'immediate', (data) => {
    data.be32(1, register).nest(2, (value) => value.be16(1, port));
  });
}

function expression(list: MessageWriter, name: string, write: (data: MessageWriter) => void): void {
  list.nest(1, (element) => element.text(1, name).nest(2, write));
}
