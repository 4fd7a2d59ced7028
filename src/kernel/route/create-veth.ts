// Creates a veth pair whose far end lives in another namespace from the start (drivers/net/veth.c, veth_newlink).
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import {
  IFLA_IFNAME,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_LINKINFO,
  IFLA_NET_NS_FD,
  RTM_NEWLINK,
  writeLinkHeader,
} from './link-message.ts';

const VETH_INFO_PEER = 1;

export interface VethOptions {
  readonly name: string;
  readonly peerName: string;
  /** Open descriptor of the namespace that gets the peer; undefined keeps it here. */
  readonly peerNetns?: number;
}

/** Creates the pair, both ends down: a peer created with IFF_UP fails with ENOTCONN. Errors: PTL_NETLINK. */
export function createVeth(socket: NetlinkSocket, options: VethOptions): void {
  const writer = new MessageWriter(512);
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, socket.nextSequence());
  writeLinkHeader(writer);
  writer.text(IFLA_IFNAME, options.name);
  writer.nest(IFLA_LINKINFO, () => {
    writer.text(IFLA_INFO_KIND, 'veth');
    writer.nest(IFLA_INFO_DATA, () => {
      writer.nest(VETH_INFO_PEER, () => {
        writeLinkHeader(writer);
        writer.text(IFLA_IFNAME, options.peerName);
        if (options.peerNetns !== undefined) writer.le32(IFLA_NET_NS_FD, options.peerNetns);
      });
    });
  });
  socket.request(writer.end().bytes, `create veth ${options.name}`);
}
