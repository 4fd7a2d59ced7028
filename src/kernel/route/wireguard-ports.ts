// The UDP ports WireGuard links listen on, over generic netlink (include/uapi/linux/wireguard.h). Needs CAP_NET_ADMIN.
// The kernel's answer also carries private keys: nothing but name and port is decoded.
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NetlinkSocket, NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';

const NETLINK_GENERIC = 16;
/** sizeof(struct genlmsghdr). */
const GENLMSGHDR_BYTES = 4;
/** GENL_ID_CTRL: the controller, which knows the number of every other family. */
const GENL_ID_CTRL = 0x10;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
const WG_CMD_GET_DEVICE = 0;
const WG_GENL_VERSION = 1;
const WGDEVICE_A_IFNAME = 2;
const WGDEVICE_A_LISTEN_PORT = 6;

export interface WireguardPort {
  readonly name: string;
  readonly port: number;
}

/**
 * Asks each named WireGuard link of this thread's namespace for its listen port. A link that is down may have none.
 * Errors: PTL_NETLINK (ENOENT: no WireGuard in this kernel; EPERM: no CAP_NET_ADMIN), PTL_LIBC.
 */
export function readWireguardPorts(names: readonly string[]): WireguardPort[] {
  const socket = new NetlinkSocket(NETLINK_GENERIC);
  try {
    const family = wireguardFamily(socket);
    return names.flatMap((name) => askLink(socket, family, name));
  } finally {
    socket.close();
  }
}

/** Decodes WGDEVICE_A_* of one answer, the part after nlmsghdr; undefined without a name or a port. */
export function decodeWireguardPort(bytes: Uint8Array): WireguardPort | undefined {
  const reader = new AttributeReader(bytes, GENLMSGHDR_BYTES);
  let name = '';
  let port = 0;
  while (reader.next()) {
    if (reader.type === WGDEVICE_A_IFNAME) name = reader.text();
    if (reader.type === WGDEVICE_A_LISTEN_PORT) port = reader.le16();
  }
  return name === '' || port === 0 ? undefined : { name, port };
}

/** Decodes CTRL_ATTR_FAMILY_ID of the controller's answer, the part after nlmsghdr. */
export function decodeFamilyId(bytes: Uint8Array): number | undefined {
  const reader = new AttributeReader(bytes, GENLMSGHDR_BYTES);
  while (reader.next()) if (reader.type === CTRL_ATTR_FAMILY_ID && reader.length === 2) return reader.le16();
  return undefined;
}

function wireguardFamily(socket: NetlinkSocket): number {
  const request = new MessageWriter(64)
    .begin(GENL_ID_CTRL, NLM_F_REQUEST | NLM_F_ACK, socket.nextSequence())
    .raw(Uint8Array.of(CTRL_CMD_GETFAMILY, 1, 0, 0))
    .text(CTRL_ATTR_FAMILY_NAME, 'wireguard')
    .end().bytes;
  let family = 0;
  socket.dump(request, 'find the wireguard netlink family', (message) => {
    family = decodeFamilyId(message.bytes.subarray(message.start, message.stop)) ?? family;
  });
  return family;
}

function askLink(socket: NetlinkSocket, family: number, name: string): WireguardPort[] {
  // WG_CMD_GET_DEVICE exists as a dump only (wg_get_device_dump, drivers/net/wireguard/netlink.c).
  const request = new MessageWriter(64)
    .begin(family, NLM_F_REQUEST | NLM_F_DUMP, socket.nextSequence())
    .raw(Uint8Array.of(WG_CMD_GET_DEVICE, WG_GENL_VERSION, 0, 0))
    .text(WGDEVICE_A_IFNAME, name)
    .end().bytes;
  const ports = new Map<string, WireguardPort>();
  socket.dump(request, `read the listen port of ${name}`, (message) => {
    const port = decodeWireguardPort(message.bytes.subarray(message.start, message.stop));
    if (port !== undefined) ports.set(port.name, port);
  });
  return [...ports.values()];
}
