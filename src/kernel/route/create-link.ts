// Creates a link of a kind that needs no parameters: bridge, dummy.
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import { IFLA_IFNAME, IFLA_INFO_KIND, IFLA_LINKINFO, RTM_NEWLINK, writeLinkHeader } from './link-message.ts';

export interface CreateLinkOptions {
  readonly name: string;
  /** IFLA_INFO_KIND. */
  readonly kind: 'bridge' | 'dummy';
}

/** Creates the link, down. Errors: PTL_NETLINK. */
export function createLink(socket: NetlinkSocket, options: CreateLinkOptions): void {
  const writer = new MessageWriter(256);
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, socket.nextSequence());
  writeLinkHeader(writer);
  writer.text(IFLA_IFNAME, options.name);
  writer.nest(IFLA_LINKINFO, () => writer.text(IFLA_INFO_KIND, options.kind));
  socket.request(writer.end().bytes, `create ${options.kind} ${options.name}`);
}
