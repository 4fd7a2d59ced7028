// Where the tables of iptables that NAT depends on hook in, whichever back end holds them.
import type { RuleHook } from './kernel-rule.ts';

export interface IptablesHook {
  /** NF_INET_*. */
  readonly number: number;
  readonly hook: RuleHook;
  /** The built-in chain. */
  readonly chain: string;
}

const HOOKS: readonly IptablesHook[] = [
  { number: 0, hook: 'prerouting', chain: 'PREROUTING' },
  { number: 3, hook: 'output', chain: 'OUTPUT' },
  { number: 4, hook: 'postrouting', chain: 'POSTROUTING' },
];

/** The priorities at which the table's hooks run (nf_nat_ipv4_ops, xt_raw's packet_raw). */
const PRIORITIES: Readonly<Record<string, Readonly<Record<RuleHook, number>>>> = {
  nat: { prerouting: -100, output: -100, postrouting: 100 },
  raw: { prerouting: -300, output: -300, postrouting: -300 },
};

/** The hooks of a table whose rules matter here: all that NAT has, prerouting of the others. */
export function iptablesHooks(table: string): readonly IptablesHook[] {
  return HOOKS.filter(({ hook }) => table === 'nat' || hook === 'prerouting');
}

/** 0 for a table that is not charted. */
export function iptablesPriority(table: string, hook: RuleHook): number {
  return PRIORITIES[table]?.[hook] ?? 0;
}
