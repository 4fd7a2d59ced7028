// Text of `ss -tulnp`, with or without its header and its Netid column: sockets that wait for others to come.
import { MAX_PORT } from '../../core/model/port-range.ts';
import { SCTP, TCP, UDP } from '../../core/model/protocol.ts';
import type { TextListener } from './text-listener.ts';

/** `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))`; the first word lacks where one kind was asked for. */
const LINE = /^(?:(\w+)\s+)?(LISTEN|UNCONN)\s+\d+\s+\d+\s+(\S+):(\d{1,5})\s+\S+\s*(.*)$/;
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['tcp', TCP],
  ['udp', UDP],
  ['sctp', SCTP],
]);

/** Lines of other kinds are passed over. Never throws. */
export function parseSs(text: string): TextListener[] {
  return text.split('\n').flatMap((line) => listenerOf(line) ?? []);
}

function listenerOf(line: string): TextListener | undefined {
  const [, netid, state, address = '', portText, rest = ''] = LINE.exec(line.trim()) ?? [];
  const protocol = netid === undefined ? protocolOfState(state) : PROTOCOLS.get(netid);
  const port = Number(portText);
  if (protocol === undefined || !(port >= 1 && port <= MAX_PORT)) return undefined;
  return { protocol, port, address, process: /^users:\(\("([^"]*)"/.exec(rest)?.[1], source: 'ss' };
}

/** Without a Netid column all sockets are of one kind: only TCP listens, an unconnected one is UDP. */
function protocolOfState(state: string | undefined): number | undefined {
  if (state === undefined) return undefined;
  return state === 'LISTEN' ? TCP : UDP;
}
