// The gaps that reading NAT rules can leave.
import type { Gap } from '../model/gap.ts';

const WEAKENS = 'which port range SNAT uses, which rule takes a flow first, and which ports other rules claim';

/** nf_tables could not be read. */
export function rulesGap(why: string): Gap {
  return {
    id: 'nat-rules',
    what: 'the NAT rules of nf_tables (nftables and iptables-nft)',
    why,
    weakens: WEAKENS,
    remedy: 'sudo portolan diagnose',
  };
}

/** Tables of iptables-legacy exist and could not be read. */
export function legacyGap(why: string): Gap {
  return {
    id: 'nat-rules-legacy',
    what: 'the NAT rules of iptables-legacy',
    why,
    weakens: WEAKENS,
    remedy: 'sudo portolan diagnose',
  };
}

/** A rule that matters says something this program does not understand; `where` is `ip nat POSTROUTING`. */
export function unknownGap(name: string, where: string): Gap {
  return {
    id: 'nat-rule-unknown',
    what: `what \`${name}\` does in a rule of ${where}`,
    why: 'this program does not know it, or the kernel computes it for each packet',
    weakens: WEAKENS,
  };
}

/** The walk over a table was bounded. */
export function boundedGap(where: string): Gap {
  return {
    id: 'nat-rule-unknown',
    what: `the rules of ${where} beyond the first 50,000 or below 32 jumps`,
    why: 'the walk over the rules is bounded',
    weakens: WEAKENS,
  };
}

/** Two base chains hook in at one priority and the kernel does not tell which came first. */
export function orderGap(tables: string): Gap {
  return {
    id: 'nat-rule-unknown',
    what: `whether ${tables} are asked in this order`,
    why: 'they hook in at the same priority, and the kernel does not tell which chain registered later',
    weakens: 'which rule takes a flow first',
  };
}
