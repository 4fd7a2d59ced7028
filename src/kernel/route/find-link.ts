// Finds a link's index by its name (RTM_GETLINK with IFLA_IFNAME): addresses and routes name links by index.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import { IFLA_IFNAME, RTM_GETLINK, RTM_NEWLINK, writeLinkHeader } from './link-message.ts';

/** @returns ifi_index. Errors: PTL_NETLINK (ENODEV when no link has that name). */
export function findLink(socket: NetlinkSocket, name: string): number {
  const writer = new MessageWriter(128);
  writer.begin(RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence());
  writeLinkHeader(writer);
  writer.text(IFLA_IFNAME, name);
  let index = 0;
  socket.dump(writer.end().bytes, `find link ${name}`, (message) => {
    if (message.type !== RTM_NEWLINK || message.stop - message.start < 8) return;
    index = new DataView(message.bytes.buffer, message.bytes.byteOffset).getInt32(message.start + 4, true);
  });
  if (index === 0) throw new PortolanError('PTL_NETLINK', `Cannot find link ${name}: no answer, wanted its index`);
  return index;
}
