// Brings a link up: until then it carries nothing, and routes by it are refused.
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import { findLink } from './find-link.ts';
import { IFF_UP, RTM_NEWLINK, writeLinkHeader } from './link-message.ts';

/** Errors: PTL_NETLINK (ENODEV when no link has that name). */
export function setLinkUp(socket: NetlinkSocket, name: string): void {
  const index = findLink(socket, name);
  const writer = new MessageWriter(64);
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence());
  writeLinkHeader(writer, { index, flags: IFF_UP });
  socket.request(writer.end().bytes, `bring link ${name} up`);
}
