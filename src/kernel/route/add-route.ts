// Adds a unicast route to the main table (RTM_NEWROUTE).
import { packAddress } from '../netlink/pack-address.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import { findLink } from './find-link.ts';

const RTM_NEWROUTE = 24;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RT_TABLE_MAIN = 254;
const RTPROT_STATIC = 4;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RTN_UNICAST = 1;

export interface AddRouteOptions {
  /** Network address; `0.0.0.0` or `::` with prefix 0 for the default route. */
  readonly destination: string;
  readonly prefix: number;
  readonly link: string;
  /** Next hop; undefined when the destination is on the link. */
  readonly gateway?: string;
}

/** Errors: PTL_NETLINK; TypeError for text that is no address. */
export function addRoute(socket: NetlinkSocket, options: AddRouteOptions): void {
  const destination = packAddress(options.destination);
  const scope = options.gateway === undefined ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  const index = findLink(socket, options.link);
  const writer = new MessageWriter(128);
  writer.begin(RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, socket.nextSequence());
  writer.raw(
    Uint8Array.of(
      destination.family,
      options.prefix,
      0,
      0,
      RT_TABLE_MAIN,
      RTPROT_STATIC,
      scope,
      RTN_UNICAST,
      0,
      0,
      0,
      0,
    ),
  );
  if (options.prefix > 0) writer.attribute(RTA_DST, destination.bytes);
  if (options.gateway !== undefined) writer.attribute(RTA_GATEWAY, packAddress(options.gateway).bytes);
  writer.le32(RTA_OIF, index);
  socket.request(writer.end().bytes, `add route ${options.destination}/${options.prefix} by ${options.link}`);
}
