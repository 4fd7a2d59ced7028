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
  const hook = hookOf(chain.hook);
  if (hook === undefined) return undefined;
  if (chain.type !== 'nat' && (hook !== 'prerouting' || chain.priority >= CONNTRACK_PRIORITY)) return undefined;
  return { ...chain, hook };
}

/** Undefined for families without NAT. */
export function nftFamily(text: string): RuleFamily | undefined {
  return text === 'ip' || text === 'ip6' || text === 'inet' ? text : undefined;
}

function hookOf(text: string): RuleHook | undefined {
  return text === 'prerouting' || text === 'output' || text === 'postrouting' ? text : undefined;
}

function backendOf(family: RuleFamily, name: string, bases: readonly BaseChain[]): NatBackend {
  const isIptables =
    family !== 'inet' && IPTABLES_TABLES.has(name) && bases.every((base) => base.name === base.hook.toUpperCase());
  return isIptables ? 'iptables-nft' : 'nftables';
}
