// One source-NAT rule as a line: what it tests, what it does, whose it is and where it sits.
import type { NatAction, NatMatch, NatRule } from '../core/model/nat-rule.ts';
import { formatRange } from '../core/model/port-range.ts';
import { protocolName } from '../core/model/protocol.ts';
import { formatCount } from './number-text.ts';
import { ownerName } from '../core/model/owner-name.ts';

/** What the rule does: `masquerade to ports 32768-65535 random-fully`. */
export function formatAction(action: NatAction): string {
  if (action.kind !== 'masquerade' && action.kind !== 'snat') return `leave as is (${action.kind})`;
  const what = formatTarget(action);
  const ports = action.range === undefined ? 'any port' : `ports ${formatRange(action.range)}`;
  return `${what}, ${ports}${action.random === 'none' ? ', keeps the port when free' : `, ${action.random}`}`;
}

/** The translation and its addresses: `snat to 192.0.2.10`; `masquerade` takes the address of the outgoing device. */
export function formatTarget(action: Extract<NatAction, { kind: 'masquerade' | 'snat' }>): string {
  if (action.kind === 'masquerade') return 'masquerade';
  // Without a constant the address comes from a map or a register.
  return `snat to ${action.addresses.length === 0 ? 'looked-up addresses' : formatPool(action.addresses)}`;
}

/** A pool as its ends, `192.0.2.10-11`: the reader of the rules spells every address out, in order. */
function formatPool(addresses: readonly string[]): string {
  const [first = ''] = addresses;
  const last = addresses.at(-1) ?? first;
  if (addresses.length < 2 || first.includes(':')) return addresses.join(', ');
  const prefix = first.slice(0, first.lastIndexOf('.') + 1);
  return `${first}-${last.startsWith(prefix) ? last.slice(prefix.length) : last}`;
}

/** What the rule tests: `udp from @pods to !@pods out eth0`; `everything` when it tests nothing. */
export function formatMatch(match: NatMatch): string {
  const parts = [
    match.protocol === undefined ? '' : protocolName(match.protocol),
    match.source === undefined ? '' : `from ${match.source}`,
    match.destination === undefined ? '' : `to ${match.destination}`,
    match.destinationPort === undefined ? '' : `port ${formatPorts(match.destinationPort)}`,
    match.inInterface === undefined ? '' : `in ${match.inInterface}`,
    match.outInterface === undefined ? '' : `out ${match.outInterface}`,
    match.mark === undefined ? '' : `mark ${match.mark}`,
    ...match.other.map((name) => `[${name}]`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'everything' : parts.join(' ');
}

/** Where the rule sits: `iptables-nft ip nat POSTROUTING > cali-nat-outgoing`. */
export function formatPlace(rule: NatRule): string {
  return `${rule.backend} ${rule.family} ${rule.table} ${rule.path.join(' > ')}`;
}

/** The whole rule on one line. */
export function formatRule(rule: NatRule): string {
  const packets = rule.packets === undefined ? '' : `; ${formatCount(rule.packets, 'new flow')} took it`;
  return `${formatMatch(rule.match)} -> ${formatAction(rule.action)}; ${ownerName(rule.owner)}, ${formatPlace(rule)}${packets}`;
}

/** One port or a range of them. */
export function formatPorts(range: { readonly first: number; readonly last: number }): string {
  return range.first === range.last ? String(range.first) : formatRange(range);
}
