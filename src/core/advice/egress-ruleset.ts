// nft text that translates pod egress to several port ranges or addresses, one of them drawn for each flow, beside the CNI's own rules.
import type { Family } from '../model/address.ts';
import { type PortRange, formatRange } from '../model/port-range.ts';

/** Where a flow may go: a range, on one address or (masquerade) on the address of its device. */
export interface EgressPart {
  readonly range: PortRange;
  readonly address?: string;
  /** How many of the drawn numbers lead here. */
  readonly weight: number;
}

/** A nat chain at 99 is asked before iptables' (srcnat, 100) and Calico's own nftables chain (110); the first that translates wins. */
const PRIORITY = 99;

/**
 * A ruleset for `nft -f -` that replaces an earlier one of the same name in one transaction.
 *
 * Each flow draws its part with `numgen random`, so that a retransmitted SYN draws again; a hash would lead it to the same
 * full part. The part is a chain of its own: `masquerade to :numgen ... map` is accepted by nft but takes one port per element.
 *
 * @param podCidrs Sources that are translated; destinations inside them are not, as in Calico's rule.
 */
export function egressRuleset(options: {
  readonly table: string;
  readonly family: Family;
  readonly podCidrs: readonly string[];
  readonly parts: readonly EgressPart[];
}): string {
  const { table, family, podCidrs, parts } = options;
  const ip = family === 4 ? 'ip' : 'ip6';
  const pods = `{ ${podCidrs.join(', ')} }`;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return `${replacing(ip, table)}
table ip${family === 4 ? '' : '6'} ${table} {
${parts.map((part, index) => partChain(part, index)).join('\n')}
  chain postrouting {
    type nat hook postrouting priority ${PRIORITY}; policy accept;
    ${ip} saddr ${pods} ${ip} daddr != ${pods} meta l4proto { tcp, udp } numgen random mod ${total} vmap { ${drawn(parts)} }
  }
}
`;
}

/** Deletes the table if there is one, in the same transaction: what is added first may always be deleted. */
export function replacing(family: 'ip' | 'ip6', table: string): string {
  return `table ${family} ${table} {}\ndelete table ${family} ${table}`;
}

/** The command that loads a ruleset, ready for a root shell on the node. */
export function loadCommand(ruleset: string): string {
  return `nft -f - <<'EOF'\n${ruleset}EOF`;
}

function partChain({ range, address }: EgressPart, index: number): string {
  const verdict =
    address === undefined ? 'masquerade to' : `snat to ${address.includes(':') ? `[${address}]` : address}`;
  return `  chain part_${index} {
    meta l4proto { tcp, udp } ${verdict}${address === undefined ? ' ' : ''}:${formatRange(range)} fully-random
  }`;
}

function drawn(parts: readonly EgressPart[]): string {
  let first = 0;
  return parts
    .map(({ weight }, index) => {
      const last = first + weight - 1;
      const element = `${first === last ? first : `${first}-${last}`} : goto part_${index}`;
      first = last + 1;
      return element;
    })
    .join(', ');
}
