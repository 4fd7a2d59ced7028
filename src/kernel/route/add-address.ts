// Adds an IPv4 or IPv6 address to a link (RTM_NEWADDR).
import { packAddress } from '../netlink/pack-address.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST, type NetlinkSocket } from '../netlink/netlink-socket.ts';
import { findLink } from './find-link.ts';

const RTM_NEWADDR = 20;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
/** No duplicate address detection: the address is usable at once. */
const IFA_F_NODAD = 0x02;

export interface AddAddressOptions {
  readonly link: string;
  readonly address: string;
  readonly prefix: number;
}

/** Errors: PTL_NETLINK; TypeError for text that is no address. */
export function addAddress(socket: NetlinkSocket, options: AddAddressOptions): void {
  const packed = packAddress(options.address);
  const index = findLink(socket, options.link);
  const header = new DataView(new ArrayBuffer(8));
  header.setUint8(0, packed.family);
  header.setUint8(1, options.prefix);
  header.setUint8(2, IFA_F_NODAD);
  header.setUint32(4, index, true);
  const writer = new MessageWriter(128);
  writer.begin(RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, socket.nextSequence());
  writer.raw(new Uint8Array(header.buffer));
  writer.attribute(IFA_LOCAL, packed.bytes).attribute(IFA_ADDRESS, packed.bytes);
  socket.request(writer.end().bytes, `add address ${options.address}/${options.prefix} to ${options.link}`);
}
