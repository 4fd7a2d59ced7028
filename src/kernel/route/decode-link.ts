// One RTM_NEWLINK: struct ifinfomsg, the link's name and kind, and the UDP port a tunnel of that kind receives on
// (include/uapi/linux/if_link.h).
import { AttributeReader } from '../netlink/attribute-reader.ts';

/** sizeof(struct ifinfomsg). */
const IFINFOMSG_BYTES = 16;
const IFLA_IFNAME = 3;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;

/** The attribute inside IFLA_INFO_DATA that holds the receiving UDP port, big endian, by kind. */
const PORT_ATTRIBUTES: ReadonlyMap<string, number> = new Map([
  // IFLA_VXLAN_PORT
  ['vxlan', 15],
  // IFLA_GENEVE_PORT
  ['geneve', 5],
  // IFLA_BAREUDP_PORT
  ['bareudp', 1],
]);

/** What a link is, as far as its ports go. */
export interface Link {
  readonly name: string;
  /** IFLA_INFO_KIND: `vxlan`, `wireguard`, `veth`; empty for a physical link. */
  readonly kind: string;
  /** Undefined when links of this kind have none in their attributes. */
  readonly port: number | undefined;
  /** Attributes that ended before their own length; what follows them is not known. */
  readonly truncated: number;
}

/** Whether links of this kind carry their UDP port in their attributes. */
export function hasPort(kind: string): boolean {
  return PORT_ATTRIBUTES.has(kind);
}

/** Decodes the message in `bytes`, the part after nlmsghdr. @returns undefined when not even the name can be read. */
export function decodeLink(bytes: Uint8Array): Link | undefined {
  const reader = new AttributeReader(bytes, IFINFOMSG_BYTES);
  let name: string | undefined;
  let tunnel: Omit<Link, 'name'> = { kind: '', port: undefined, truncated: 0 };
  while (reader.next()) {
    if (reader.type === IFLA_IFNAME) name = reader.text();
    if (reader.type === IFLA_LINKINFO) tunnel = decodeLinkInfo(reader.nested());
  }
  return name === undefined ? undefined : { ...tunnel, name, truncated: tunnel.truncated + reader.truncated };
}

function decodeLinkInfo(info: AttributeReader): Omit<Link, 'name'> {
  let kind = '';
  let data: AttributeReader | undefined;
  while (info.next()) {
    if (info.type === IFLA_INFO_KIND) kind = info.text();
    if (info.type === IFLA_INFO_DATA) data = info.nested();
  }
  const port = data === undefined ? undefined : portIn(data, PORT_ATTRIBUTES.get(kind));
  return { kind, port, truncated: info.truncated + (data?.truncated ?? 0) };
}

function portIn(data: AttributeReader, attribute: number | undefined): number | undefined {
  let port: number | undefined;
  while (data.next()) if (data.type === attribute && data.length === 2) port = data.be16();
  return port;
}
