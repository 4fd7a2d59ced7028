// The shape shared by rtnetlink link requests: ifinfomsg and the IFLA_* numbers (include/uapi/linux/if_link.h).
import type { MessageWriter } from '../netlink/message-writer.ts';

export const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;

export const IFLA_IFNAME = 3;
export const IFLA_LINKINFO = 18;
export const IFLA_NET_NS_FD = 28;
export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;

export const IFF_UP = 1;

export interface LinkHeader {
  /** ifi_index; 0 when the link is named by IFLA_IFNAME. */
  readonly index?: number;
  /** ifi_flags to set; the change mask is the same. */
  readonly flags?: number;
}

/** Writes an ifinfomsg of family AF_UNSPEC. */
export function writeLinkHeader(writer: MessageWriter, header: LinkHeader = {}): void {
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setInt32(4, header.index ?? 0, true);
  bytes.setUint32(8, header.flags ?? 0, true);
  bytes.setUint32(12, header.flags ?? 0, true);
  writer.raw(new Uint8Array(bytes.buffer));
}
