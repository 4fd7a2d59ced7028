// One RTM_NEWADDR: struct ifaddrmsg and its attributes (include/uapi/linux/if_addr.h).
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { rawAddressText } from '../netlink/raw-address.ts';

/** sizeof(struct ifaddrmsg). */
const IFADDRMSG_BYTES = 8;
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;

/**
 * Decodes the message in `bytes`, the part after nlmsghdr, to the local address in canonical text.
 * IFA_LOCAL wins: on a point-to-point link IFA_ADDRESS is the other end.
 * @returns undefined when no address can be read.
 */
export function decodeLocalAddress(bytes: Uint8Array): string | undefined {
  const reader = new AttributeReader(bytes, IFADDRMSG_BYTES);
  let address: string | undefined;
  let local: string | undefined;
  while (reader.next()) {
    if (reader.type === IFA_ADDRESS) address = rawAddressText(reader.value());
    if (reader.type === IFA_LOCAL) local = rawAddressText(reader.value());
  }
  return reader.truncated > 0 ? local : (local ?? address);
}
