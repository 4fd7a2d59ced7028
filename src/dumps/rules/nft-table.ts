// One table of nftables as its listings give it, JSON or text: which of its chains matter, and whose it is.
import type { NatBackend } from '../../core/model/nat-rule.ts';
import type { BaseChain, KernelRule, RuleFamily, RuleHook, RuleTable } from '../../core/nat-rules/kernel-rule.ts';

/** NF_IP_PRI_CONNTRACK: what runs before it may keep packets out of conntrack. */
const CONNTRACK_PRIORITY = -200;

/** iptables-nft names tables and base chains as iptables always did. */
const IPTABLES_TABLES: ReadonlySet<string> = new Set(['nat', 'raw', 'mangle', 'filter', 'security']);

export interface NftTable {
  readonly family: RuleFamily;
  readonly name: string;
  readonly bases: readonly BaseChain[];
  /** The rules of a chain, decoded when they are asked for. */
  decode(chain: string): readonly KernelRule[];
}

export function nftRuleTable({ family, name, bases, decode }: NftTable): RuleTable {
  const known = new Map<string, readonly KernelRule[]>();
  return {
    backend: backendOf(family, name, bases),
    family,
    name,
    bases,
    rules: (chain) => {
      const rules = known.get(chain) ?? decode(chain);
      known.set(chain, rules);
      return rules;
    },
  };
}

/** Undefined for a chain whose rules cannot take ports. */
export function nftBaseChain(chain: Omit<BaseChain, 'hook'> & { readonly hook: string }): BaseChain | undefined {
  const hook = sourceNatHook(chain);
  return hook === undefined ? undefined : { ...chain, hook };
}

/** The hook of a base chain that translates, or that may keep packets out of conntrack. */
export function sourceNatHook(
  chain: Pick<BaseChain, 'type' | 'priority'> & { readonly hook: string },
): RuleHook | undefined {
  const hook = hookOf(chain.hook);
  const isEarly = hook === 'prerouting' && chain.priority < CONNTRACK_PRIORITY;
  return chain.type === 'nat' || isEarly ? hook : undefined;
}

/** Undefined for families without NAT. */
export function nftFamily(text: string): RuleFamily | undefined {
  return text === 'ip' || text === 'ip6' || text === 'inet' ? text : undefined;
}

function hookOf(text: string): RuleHook | undefined {
  return text === 'prerouting' || text === 'output' || text === 'postrouting' ? text : undefined;
}

function backendOf(family: RuleFamily, name: string, bases: readonly BaseChain[]): NatBackend {
  const isIptables = bases.every(({ name: chain, hook }) => isIptablesChain({ family, table: name, chain, hook }));
  return isIptables ? 'iptables-nft' : 'nftables';
}

interface BaseChainName {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly hook: RuleHook;
}

/** Whether a base chain is called as iptables-nft calls its own. */
export function isIptablesChain({ family, table, chain, hook }: BaseChainName): boolean {
  return family !== 'inet' && IPTABLES_TABLES.has(table) && chain === hook.toUpperCase();
}
