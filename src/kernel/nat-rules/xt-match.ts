// xtables matches (include/uapi/linux/netfilter/xt_*.h): what each tests, as far as it is charted; others are named.
import type { PortRange } from '../../core/model/port-range.ts';
import { MAX_PORT } from '../../core/model/port-range.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import { formatMark } from '../../core/nat-rules/mark-text.ts';
import { addOther, addPorts, addProtocols, addText, addUnknown, formatPorts } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { NAMED_MATCHES } from '../../core/nat-rules/xt-names.ts';
import type { IpsetNames, XtExtension } from './xt-extension.ts';

const SHORTEST = new Map([
  ['mark', 9],
  ['tcp', 12],
  ['udp', 9],
  ['multiport', 48],
  ['set', 4],
  ['addrtype', 8],
  ['statistic', 8],
  ['conntrack', 8],
]);

/** rtn_type names; bit n of the mask is type n. */
const ADDRESS_TYPES = ['UNSPEC', 'UNICAST', 'LOCAL', 'BROADCAST', 'ANYCAST', 'MULTICAST', 'BLACKHOLE', 'UNREACHABLE'];

/** Adds what the match tests. @returns the text of a `comment` match. */
export function addXtMatch(match: RuleMatch, extension: XtExtension, ipsets: IpsetNames): string | undefined {
  const { name, info } = extension;
  if (name === 'comment') return info.text(0, 256);
  if (info.length < (SHORTEST.get(name) ?? 0)) addUnknown(match, `${name} (cut short)`);
  else if (name === 'mark') addMark(match, extension);
  else if (name === 'tcp') addTransport(match, extension, TCP);
  else if (name === 'udp') addTransport(match, extension, UDP);
  else if (name === 'multiport') addMultiport(match, extension);
  else if (name === 'set') addSet(match, extension, ipsets);
  else if (name === 'addrtype') addAddressType(match, extension);
  else if (name === 'statistic') addStatistic(match, extension);
  else if (name === 'conntrack') addOther(match, 'conntrack');
  else if (NAMED_MATCHES.has(name)) addOther(match, name);
  else addUnknown(match, name === '' ? 'a match without a name' : name);
  return undefined;
}

/** xt_mark_mtinfo1; revision 0 had unsigned longs and is gone since 2.6.3x. */
function addMark(match: RuleMatch, { info }: XtExtension): void {
  addText(match, 'mark', formatMark(info.u32(0), info.u32(4), info.u8(8) !== 0));
}

/** struct xt_tcp and struct xt_udp: ports in host order; inverse flags XT_TCP_INV_SRCPT 1, DSTPT 2. */
function addTransport(match: RuleMatch, { info }: XtExtension, protocol: number): void {
  addProtocols(match, [protocol]);
  const inverse = info.u8(protocol === TCP ? 11 : 8);
  const source = { first: info.u16(0), last: info.u16(2) };
  const destination = { first: info.u16(4), last: info.u16(6) };
  if (!isAnyPort(source)) addOther(match, `${(inverse & 1) === 0 ? '' : '!'}sport ${formatPorts([source])}`);
  if (!isAnyPort(destination)) addDestination(match, [destination], (inverse & 2) !== 0);
  if (protocol === TCP && info.u8(9) !== 0) addOther(match, 'tcp flags');
}

/** struct xt_multiport_v1: flags SOURCE 0, DESTINATION 1, EITHER 2; pflags marks the first port of a range. */
function addMultiport(match: RuleMatch, { info }: XtExtension): void {
  const ports: PortRange[] = [];
  const count = Math.min(info.u8(1), 15);
  for (let index = 0; index < count; index += 1) {
    const first = info.u16(2 + index * 2);
    const isRange = info.u8(32 + index) !== 0 && index + 1 < count;
    ports.push({ first, last: isRange ? info.u16(4 + index * 2) : first });
    if (isRange) index += 1;
  }
  const inverted = info.u8(47) !== 0;
  if (info.u8(0) === 1) addDestination(match, ports, inverted);
  else addOther(match, `${inverted ? '!' : ''}${info.u8(0) === 0 ? 'sport' : 'port'} ${formatPorts(ports)}`);
}

function addDestination(match: RuleMatch, ports: readonly PortRange[], inverted: boolean): void {
  if (inverted) addOther(match, `!dport ${formatPorts(ports)}`);
  else addPorts(match, ports);
}

function isAnyPort(range: PortRange): boolean {
  return range.first === 0 && range.last === MAX_PORT;
}

/** struct xt_set_info (revision 1 and newer): flags bit 0 inverts (IPSET_INV_MATCH), bit n says dimension n is src. */
function addSet(match: RuleMatch, { info, revision }: XtExtension, ipsets: IpsetNames): void {
  const index = info.u16(0);
  const dimension = info.u8(revision === 0 ? 28 : 2);
  const flags = info.u8(revision === 0 ? 29 : 3);
  const text = `${(flags & 1) === 0 ? '' : '!'}@${ipsets(index) ?? `ipset#${index}`}`;
  const source = (flags & 2) !== 0;
  if (dimension === 1) addText(match, source ? 'source' : 'destination', text);
  else addOther(match, `set ${text} ${directions(dimension, flags)}`);
}

function directions(dimension: number, flags: number): string {
  return Array.from({ length: Math.min(dimension, 6) }, (_, index) =>
    (flags & (2 << index)) === 0 ? 'dst' : 'src',
  ).join(',');
}

/** xt_addrtype_info_v1: flags INVERT_SOURCE 1, INVERT_DEST 2, LIMIT_IFACE_IN 4, OUT 8; revision 0 has one u32 each. */
function addAddressType(match: RuleMatch, { info, revision }: XtExtension): void {
  const flags = info.u32(4);
  const notSource = revision === 0 ? flags !== 0 : (flags & 1) !== 0;
  const notDestination = revision === 0 ? info.u32(8) !== 0 : (flags & 2) !== 0;
  const limit = revision === 0 || (flags & 12) === 0 ? '' : ` limit-iface-${(flags & 4) === 0 ? 'out' : 'in'}`;
  if (info.u16(0) !== 0) addOther(match, `${notSource ? '!' : ''}addrtype src ${addressTypes(info.u16(0))}${limit}`);
  if (info.u16(2) !== 0)
    addOther(match, `${notDestination ? '!' : ''}addrtype dst ${addressTypes(info.u16(2))}${limit}`);
}

function addressTypes(mask: number): string {
  const names = ADDRESS_TYPES.filter((_, bit) => ((mask >>> bit) & 1) === 1);
  return names.length === 0 ? `0x${mask.toString(16)}` : names.join(',');
}

/** xt_statistic_info: probability is a fraction of 2^31. */
function addStatistic(match: RuleMatch, { info }: XtExtension): void {
  const not = (info.u16(2) & 1) === 0 ? '' : '!';
  if (info.u16(0) === 0) addOther(match, `${not}statistic random ${(info.u32(4) / 0x80000000).toFixed(6)}`);
  else addOther(match, `${not}statistic nth ${info.u32(8)} of ${info.u32(4) + 1}`);
}
