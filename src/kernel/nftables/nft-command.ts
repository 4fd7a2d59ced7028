// A change to nf_tables as data: what one transaction is made of. The encoders are transaction.ts and write-statement.ts.
import type { NatRandom } from '../../core/model/nat-rule.ts';
import type { PortRange } from '../../core/model/port-range.ts';

export type NftFamily = 'ip' | 'ip6' | 'inet';

export type NftHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** What makes a chain a base chain. */
export interface NftBase {
  readonly type: 'nat' | 'filter' | 'route';
  readonly hook: NftHook;
  /** Lower runs first; srcnat 100, dstnat -100, raw -300, filter 0. */
  readonly priority: number;
  readonly policy?: 'accept' | 'drop';
}

/** One step of a rule, evaluated left to right. A port map with `numgen` is not offered: it takes one port per element. */
export type NftStatement =
  | { readonly kind: 'l4proto'; readonly protocol: number }
  | { readonly kind: 'saddr' | 'daddr'; readonly cidr: string; readonly negate?: boolean }
  | { readonly kind: 'sport' | 'dport'; readonly ports: PortRange; readonly negate?: boolean }
  | { readonly kind: 'iifname' | 'oifname'; readonly name: string; readonly negate?: boolean }
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number }
  | { readonly kind: 'ct-state'; readonly states: readonly CtState[] }
  | { readonly kind: 'counter' }
  | { readonly kind: 'notrack' }
  | { readonly kind: 'masquerade'; readonly range?: PortRange; readonly random: NatRandom }
  | { readonly kind: 'snat'; readonly address: string; readonly range?: PortRange; readonly random: NatRandom }
  | { readonly kind: 'dnat'; readonly address: string; readonly port?: number }
  /** Rewrites the packet itself, behind conntrack's back, and repairs the TCP or UDP checksum. */
  | { readonly kind: 'set-sport'; readonly protocol: number; readonly port: number }
  | { readonly kind: 'set-ct-timeout'; readonly object: string }
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export type CtState = 'invalid' | 'established' | 'related' | 'new' | 'untracked';

interface InTable {
  readonly family: NftFamily;
  readonly table: string;
}

export type NftCommand =
  | ({ readonly kind: 'add-table' | 'delete-table' | 'flush-table' } & InTable)
  | ({ readonly kind: 'add-chain'; readonly chain: string; readonly base?: NftBase } & InTable)
  | ({ readonly kind: 'flush-chain' | 'delete-chain'; readonly chain: string } & InTable)
  | ({
      readonly kind: 'add-rule';
      readonly chain: string;
      readonly statements: readonly NftStatement[];
      readonly comment?: string;
      /** At the head of the chain instead of its end. */
      readonly insert?: boolean;
    } & InTable)
  | ({
      readonly kind: 'add-ct-timeout';
      readonly object: string;
      readonly protocol: number;
      /** Seconds per state number: enum ctattr_timeout_tcp or ctattr_timeout_udp. */
      readonly secondsByState: Readonly<Record<number, number>>;
    } & InTable);
