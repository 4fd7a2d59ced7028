// One line of text per kept flow, made from a FlowTable and, independently, from `conntrack -L` output: for comparing them.
import type { FlowTable } from '../../src/core/model/flow-table.ts';
import * as flag from '../../src/core/model/flow-status.ts';
import { protocolName, protocolNumber } from '../../src/core/model/protocol.ts';
import { tcpStateName } from '../../src/core/model/tcp-state.ts';
import { formatAddress, parseAddress } from '../../src/core/model/address.ts';

export interface FlowText {
  readonly line: string;
  readonly id: number;
  readonly timeoutSeconds: number;
}

/** Every flow of a table, sorted by line. */
export function textOfTable(table: FlowTable): readonly FlowText[] {
  const texts: FlowText[] = [];
  const { flows } = table;
  for (let row = 0; row < table.flowCount; row += 1) {
    const space = table.portSpace(flows.portSpace[row] ?? 0);
    const status = flows.status[row] ?? 0;
    const line = [
      protocolName(space.protocol),
      `${space.snatAddress} ${flows.port[row]} <- ${space.remoteAddress} ${space.remotePort}`,
      `zone ${space.zone}`,
      `from ${table.address(flows.source[row] ?? 0)} ${flows.sourcePort[row]}`,
      space.protocol === 6 ? tcpStateName(flows.tcpState[row] ?? 0) : '-',
      ...flagNames(status),
    ].join(', ');
    texts.push({ line, id: flows.id[row] ?? 0, timeoutSeconds: flows.timeoutSeconds[row] ?? 0 });
  }
  return sorted(texts);
}

function flagNames(status: number): readonly string[] {
  const names: string[] = [];
  if ((status & flag.SRC_NAT) !== 0) names.push('snat');
  if ((status & flag.DST_NAT) !== 0) names.push('dnat');
  if ((status & flag.SEEN_REPLY) !== 0) names.push('replied');
  if ((status & flag.ASSURED) !== 0) names.push('assured');
  if ((status & flag.INBOUND) !== 0) names.push('inbound');
  return names;
}

interface Tuple {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** What should be kept of `conntrack -L -o extended,id`, sorted by line; written without any code of the readers. */
export function textOfConntrack(output: string, localAddresses: readonly string[]): readonly FlowText[] {
  const texts = output
    .split('\n')
    .filter((line) => /^ipv[46]/.test(line))
    .map((line) => textOfLine(line, localAddresses))
    .filter((text) => text !== undefined);
  return sorted(texts);
}

function textOfLine(line: string, local: readonly string[]): FlowText | undefined {
  const head = /^\S+\s+\d+\s+(\S+)\s+\d+\s+(\d+)\s+([A-Z_0-9]+\s)?/.exec(line);
  const name = head?.[1] ?? '';
  const tuples = [...line.matchAll(/src=(\S+) dst=(\S+) (?:sport=(\d+) dport=(\d+)|type=\d+ code=\d+ id=(\d+))/g)];
  if (head === null || protocolNumber(name) === undefined || tuples.length !== 2) return undefined;
  const isEcho = name.startsWith('icmp');
  const [orig, reply] = tuples.map((match, index) => tupleOf(match, index === 1));
  if (orig === undefined || reply === undefined) return undefined;
  const isSnat = orig.source !== reply.destination || orig.sourcePort !== reply.destinationPort;
  const isDnat = orig.destination !== reply.source || orig.destinationPort !== reply.sourcePort;
  const isLoopback = orig.source.startsWith('127.') && orig.destination.startsWith('127.');
  const isOwn = !isSnat && local.includes(orig.source);
  const isInbound = !isSnat && !isOwn && !isEcho && local.includes(orig.destination);
  if (!isSnat && (isLoopback || (!isOwn && !isInbound))) return undefined;
  const held = isInbound
    ? `${orig.destination} ${orig.destinationPort} <- ${orig.source} ${orig.sourcePort}`
    : `${reply.destination} ${reply.destinationPort} <- ${reply.source} ${reply.sourcePort}`;
  const parts = [
    name,
    held,
    `zone ${zoneOf(line, isInbound ? 'zone-orig' : 'zone-reply')}`,
    `from ${orig.source} ${orig.sourcePort}`,
    name === 'tcp' ? (head[3] ?? 'NONE').trim() : '-',
    ...(isSnat ? ['snat'] : []),
    ...(isDnat ? ['dnat'] : []),
    ...(line.includes('[UNREPLIED]') ? [] : ['replied']),
    ...(line.includes('[ASSURED]') ? ['assured'] : []),
    ...(isInbound ? ['inbound'] : []),
  ];
  return { line: parts.join(', '), id: Number(/ id=(\d+)$/.exec(line)?.[1]), timeoutSeconds: Number(head[2]) };
}

/** The identifier of an echo stands on the side that NAT rewrites. */
function tupleOf(match: RegExpExecArray, isReply: boolean): Tuple {
  const echo = match[5] === undefined ? undefined : Number(match[5]);
  return {
    source: canonical(match[1] ?? ''),
    destination: canonical(match[2] ?? ''),
    sourcePort: echo === undefined ? Number(match[3]) : isReply ? 0 : echo,
    destinationPort: echo === undefined ? Number(match[4]) : isReply ? echo : 0,
  };
}

function zoneOf(line: string, direction: string): string {
  return new RegExp(` ${direction}=(\\d+)`).exec(line)?.[1] ?? / zone=(\d+)/.exec(line)?.[1] ?? '0';
}

function canonical(text: string): string {
  const bytes = parseAddress(text);
  return bytes === undefined ? text : formatAddress(bytes);
}

function sorted(texts: readonly FlowText[]): readonly FlowText[] {
  return [...texts].sort((left, right) => (left.line < right.line ? -1 : 1));
}
