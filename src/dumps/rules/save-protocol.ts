// Protocols as iptables prints them: the name of /etc/protocols on the machine that wrote the text, or a number.
import { ICMPV6, protocolNumber } from '../../core/model/protocol.ts';

/** Names that rules of nodes carry besides those that spend ports (IANA protocol numbers). */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['all', 0],
  ['igmp', 2],
  ['ipencap', 4],
  ['ipip', 4],
  ['dccp', 33],
  ['ipv6', 41],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['ipv6-icmp', ICMPV6],
  ['icmpv6', ICMPV6],
  ['ospf', 89],
  ['vrrp', 112],
  ['udplite', 136],
]);

/** IPPROTO_*; 0 for every protocol, undefined for a name that is not known. */
export function ipProtocol(name: string): number | undefined {
  if (/^\d{1,3}$/.test(name)) return Number(name) <= 255 ? Number(name) : undefined;
  return protocolNumber(name.toLowerCase()) ?? NAMES.get(name.toLowerCase());
}
