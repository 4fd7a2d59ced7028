// Reads what the links of this thread's network namespace mean for ports: local addresses and tunnel ports (rtnetlink).
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import type { Reading } from '../../core/model/reading.ts';
import { tunnelClaim } from '../../core/model/tunnel-claim.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NETLINK_ROUTE, NetlinkSocket, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';
import { decodeLink, hasPort, type Link } from './decode-link.ts';
import { decodeLocalAddress } from './decode-local-address.ts';
import { readWireguardPorts } from './wireguard-ports.ts';

const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const RTM_NEWADDR = 20;
const RTM_GETADDR = 22;

/** sizeof(struct ifinfomsg) with family AF_UNSPEC; RTM_GETADDR accepts the longer header too. */
const ALL_FAMILIES = new Uint8Array(16);

interface RouteDump<Item> {
  readonly request: number;
  readonly answer: number;
  /** `local addresses`, `links`. */
  readonly name: string;
  readonly weakens: string;
  readonly decode: (bytes: Uint8Array) => Item | undefined;
}

const ADDRESSES: RouteDump<string> = {
  request: RTM_GETADDR,
  answer: RTM_NEWADDR,
  name: 'local addresses',
  weakens: 'which flows belong to the node itself and which addresses its ports are spent on',
  decode: decodeLocalAddress,
};

const LINKS: RouteDump<Link> = {
  request: RTM_GETLINK,
  answer: RTM_NEWLINK,
  name: 'tunnel ports',
  weakens: 'conflicts between SNAT ports and tunnels (VXLAN, Geneve, WireGuard)',
  decode: decodeLink,
};

/** Reads every local address, canonical text, each once, in the kernel's order. Needs no capability. */
export function readAddresses(): Reading<readonly string[]> {
  const reading = dumpRoute(ADDRESSES);
  return { ...reading, value: [...new Set(reading.value)] };
}

/** Reads the UDP ports that tunnel links receive on. WireGuard ports need CAP_NET_ADMIN; without it they are a gap. */
export function readTunnels(): Reading<readonly PortClaim[]> {
  const links = dumpRoute(LINKS);
  const claims = links.value.flatMap((link) => (link.port === undefined ? [] : [tunnelClaim(link.name, link.port)]));
  const wireguard = readWireguard(links.value.filter((link) => link.kind === 'wireguard').map((link) => link.name));
  const gaps = [...links.gaps, ...portlessGaps(links.value), ...wireguard.gaps];
  return { value: [...claims, ...wireguard.claims], source: links.source, complete: gaps.length === 0, gaps };
}

function dumpRoute<Item>(dump: RouteDump<Item>): Reading<readonly Item[]> {
  const value: Item[] = [];
  const gaps: Gap[] = [];
  let undecoded = 0;
  let socket: NetlinkSocket | undefined;
  try {
    socket = new NetlinkSocket(NETLINK_ROUTE);
    const request = dumpRequest(dump.request, socket.nextSequence());
    const end = socket.dump(request, `list ${dump.name}`, (message) => {
      const item =
        message.type === dump.answer ? dump.decode(message.bytes.subarray(message.start, message.stop)) : undefined;
      if (item === undefined) undecoded += 1;
      else value.push(item);
    });
    if (end.interrupted) gaps.push(linkGap(dump, 'the list changed while it was read (NLM_F_DUMP_INTR)'));
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    gaps.push(linkGap(dump, error.message));
  } finally {
    socket?.close();
  }
  if (undecoded > 0) gaps.push(linkGap(dump, `${undecoded} messages of rtnetlink were not understood`));
  return { value, source: 'rtnetlink', complete: gaps.length === 0, gaps };
}

function dumpRequest(type: number, sequence: number): Uint8Array {
  return new MessageWriter(64)
    .begin(type, NLM_F_REQUEST | NLM_F_DUMP, sequence)
    .raw(ALL_FAMILIES)
    .end().bytes;
}

function readWireguard(names: readonly string[]): { claims: PortClaim[]; gaps: Gap[] } {
  if (names.length === 0) return { claims: [], gaps: [] };
  try {
    return { claims: readWireguardPorts(names).map(({ name, port }) => tunnelClaim(name, port)), gaps: [] };
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    return { claims: [], gaps: [linkGap({ ...LINKS, name: `listen ports of ${names.join(', ')}` }, error.message)] };
  }
}

/** A tunnel whose port could not be read is named, not left out. */
function portlessGaps(links: readonly Link[]): Gap[] {
  return links
    .filter((link) => (hasPort(link.kind) && link.port === undefined) || link.truncated > 0)
    .map((link) => linkGap({ ...LINKS, name: `port of ${link.name}` }, 'its attributes end early or lack the port'));
}

function linkGap(dump: { readonly name: string; readonly weakens: string }, why: string): Gap {
  return { id: 'links', what: dump.name, why, weakens: dump.weakens };
}
