// Changes one link: brings it up, puts it under a bridge.
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import { findLink } from './find-link.ts';
import { IFF_UP, IFLA_MASTER, RTM_NEWLINK, writeLinkHeader } from './link-message.ts';

export interface SetLinkOptions {
  readonly name: string;
  readonly up?: boolean;
  /** Name of the bridge that takes the link as a port. */
  readonly master?: string;
}

/** Applies the given changes in one request. Errors: PTL_NETLINK. */
export function setLink(socket: NetlinkSocket, options: SetLinkOptions): void {
  const index = findLink(socket, options.name);
  const master = options.master === undefined ? undefined : findLink(socket, options.master);
  const writer = new MessageWriter(128);
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence());
  writeLinkHeader(writer, { index, flags: options.up === true ? IFF_UP : 0 });
  if (master !== undefined) writer.le32(IFLA_MASTER, master);
  socket.request(writer.end().bytes, `change link ${options.name}`);
}
