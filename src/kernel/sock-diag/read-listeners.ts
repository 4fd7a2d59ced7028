// Every port of this thread's network namespace that some socket waits on, as claims. Needs no capability.
import { existsSync } from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { protocolName, SCTP, TCP, UDP } from '../../core/model/protocol.ts';
import type { Reading } from '../../core/model/reading.ts';
import { ENOENT, errnoName } from '../netlink/errno.ts';
import { NETLINK_SOCK_DIAG, NetlinkSocket } from '../netlink/netlink-socket.ts';
import { decodeListener, type Listener } from './decode-listener.ts';
import { AF_INET, AF_INET6, type ListenerRequest, listenerRequest, TCP_CLOSE, TCP_LISTEN } from './listener-request.ts';
import { DEFAULT_LINK_LIMIT, socketProcesses } from './socket-processes.ts';
import { portOwner } from '../../core/model/well-known-ports.ts';

const SOURCE = 'sock_diag';

const PROTOCOL_STATES: readonly { readonly protocol: number; readonly state: number }[] = [
  { protocol: TCP, state: TCP_LISTEN },
  { protocol: UDP, state: TCP_CLOSE },
  { protocol: SCTP, state: TCP_LISTEN },
];

const REQUESTS: readonly ListenerRequest[] = PROTOCOL_STATES.flatMap((wanted) => [
  { ...wanted, family: AF_INET },
  { ...wanted, family: AF_INET6 },
]);

export interface ListenerOptions {
  /** How many /proc/<pid>/fd links may be read to name processes; 0 names by port only. */
  readonly processLinks?: number;
}

/** Listeners by protocol and port: few ports have more than one. */
type Bound = Map<number, PortListeners>;

interface PortListeners {
  readonly protocol: number;
  readonly listeners: Listener[];
}

/** Reads TCP and SCTP listeners and bound, unconnected UDP sockets of both families, each port and address once. */
export function readListeners(options: ListenerOptions = {}): Reading<readonly PortClaim[]> {
  const bound: Bound = new Map();
  const gaps: Gap[] = [];
  let socket: NetlinkSocket | undefined;
  try {
    socket = new NetlinkSocket(NETLINK_SOCK_DIAG);
    for (const request of REQUESTS) collect(socket, request, { bound, gaps });
  } catch (error) {
    gaps.push(gapOf(error, 'listening sockets'));
  } finally {
    socket?.close();
  }
  const value = claimsOf(bound, options.processLinks ?? DEFAULT_LINK_LIMIT);
  return { value, source: SOURCE, complete: gaps.length === 0, gaps };
}

function collect(socket: NetlinkSocket, request: ListenerRequest, into: { bound: Bound; gaps: Gap[] }): void {
  let undecoded = 0;
  const name = `${protocolName(request.protocol)} sockets (IPv${request.family === AF_INET ? 4 : 6})`;
  try {
    const end = socket.dump(listenerRequest(request, socket.nextSequence()), `list ${name}`, (message) => {
      const listener = decodeListener(message.bytes.subarray(message.start, message.stop));
      if (listener === undefined) undecoded += 1;
      else keep(into.bound, request.protocol, listener);
    });
    if (end.interrupted) into.gaps.push(listenerGap(name, 'the list changed while it was read (NLM_F_DUMP_INTR)'));
  } catch (error) {
    if (!isAbsentProtocol(error, request.protocol)) into.gaps.push(gapOf(error, name));
  }
  if (undecoded > 0) into.gaps.push(listenerGap(name, `${undecoded} messages of sock_diag were not understood`));
}

/** The same port and address on several sockets (SO_REUSEPORT, IPv4 and IPv6 wildcards) is one claim. */
function keep(bound: Bound, protocol: number, found: Listener): void {
  const key = protocol * 65_536 + found.port;
  const known = bound.get(key);
  if (known === undefined) {
    bound.set(key, { protocol, listeners: [found] });
    return;
  }
  const same = known.listeners.findIndex((listener) => listener.address === found.address);
  if (same < 0) known.listeners.push(found);
  else if (known.listeners[same]?.inode === 0) known.listeners[same] = found;
}

/** SCTP without its module: the kernel has no such socket, so nothing is missing. */
function isAbsentProtocol(error: unknown, protocol: number): boolean {
  const refused = error instanceof PortolanError && error.facts['errno'] === ENOENT;
  return refused && protocol === SCTP && !existsSync('/proc/thread-self/net/sctp');
}

function claimsOf(bound: Bound, linkLimit: number): PortClaim[] {
  const processes = linkLimit > 0 ? socketProcesses(inodesOf(bound), linkLimit) : new Map<number, string>();
  const claims: PortClaim[] = [];
  for (const { protocol, listeners } of bound.values()) {
    for (const listener of listeners) claims.push(claimOf(listener, protocol, processes.get(listener.inode)));
  }
  return claims;
}

function claimOf({ port, address }: Listener, protocol: number, process: string | undefined): PortClaim {
  const ports = { first: port, last: port };
  const owner = portOwner({ protocol, port, process });
  // Written out twice: a spread costs as much as all the rest per listener.
  if (address === undefined) return { kind: 'listener', protocol, ports, owner, source: SOURCE };
  return { kind: 'listener', protocol, ports, address, owner, source: SOURCE };
}

function inodesOf(bound: Bound): Set<number> {
  const inodes = new Set<number>();
  for (const { listeners } of bound.values()) for (const { inode } of listeners) if (inode !== 0) inodes.add(inode);
  return inodes;
}

function gapOf(error: unknown, name: string): Gap {
  if (!(error instanceof PortolanError)) throw error;
  const errno = error.facts['errno'];
  const why = errno === ENOENT ? `${errnoName(ENOENT)}: the kernel has no diag module for it` : error.message;
  return listenerGap(name, why);
}

function listenerGap(name: string, why: string): Gap {
  return { id: 'listeners', what: name, why, weakens: 'conflicts between SNAT ports and listening sockets' };
}
