// `nft -j list ruleset`: the tables that NAT depends on.
import type { NatBackend } from '../../core/model/nat-rule.ts';
import type { BaseChain, KernelRule, RuleFamily, RuleHook, RuleTable } from '../../core/nat-rules/kernel-rule.ts';
import { listOf, member, numberOf, textOf } from '../json-value.ts';
import { nftRule } from './nft-rule.ts';

/** NF_IP_PRI_CONNTRACK: what runs before it may keep packets out of conntrack. */
const CONNTRACK_PRIORITY = -200;

/** iptables-nft names tables and base chains as iptables always did. */
const IPTABLES_TABLES: ReadonlySet<string> = new Set(['nat', 'raw', 'mangle', 'filter', 'security']);

interface Draft {
  readonly family: RuleFamily;
  readonly name: string;
  readonly handle: number;
  readonly bases: BaseChain[];
  readonly rules: Map<string, unknown[]>;
  readonly maps: Map<string, readonly unknown[]>;
}

/** @returns undefined when the text is no whole JSON of nft. */
export function parseNftJson(text: string): readonly RuleTable[] | undefined {
  const objects = objectsOf(text);
  if (objects === undefined) return undefined;
  const tables = new Map<string, Draft>();
  for (const object of objects) addTable(tables, member(object, 'table'));
  for (const object of objects) {
    addChain(tables, member(object, 'chain'));
    addRule(tables, member(object, 'rule'));
    addMap(tables, member(object, 'map'));
  }
  return [...tables.values()].filter(({ bases }) => bases.length > 0).map(ruleTable);
}

/** The objects of a text of nft; undefined when it is not whole. */
export function objectsOf(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const objects = member(parsed, 'nftables');
    return Array.isArray(objects) ? objects : undefined;
  } catch {
    return undefined;
  }
}

function addTable(tables: Map<string, Draft>, table: unknown): void {
  const family = familyOf(member(table, 'family'));
  if (
    family === undefined ||
    listOf(member(table, 'flags')).includes('dormant') ||
    member(table, 'flags') === 'dormant'
  )
    return;
  const name = textOf(member(table, 'name'));
  const handle = numberOf(member(table, 'handle')) ?? 0;
  tables.set(`${family} ${name}`, { family, name, handle, bases: [], rules: new Map(), maps: new Map() });
}

function tableOf(tables: ReadonlyMap<string, Draft>, object: unknown): Draft | undefined {
  return tables.get(`${textOf(member(object, 'family'))} ${textOf(member(object, 'table'))}`);
}

function addChain(tables: ReadonlyMap<string, Draft>, chain: unknown): void {
  const table = tableOf(tables, chain);
  const hook = sourceNatHook(chain);
  if (table === undefined || hook === undefined) return;
  const type = textOf(member(chain, 'type'));
  const priority = numberOf(member(chain, 'prio')) ?? 0;
  // Handles of tables grow over the namespace, handles of chains only within their table.
  const registration = table.handle * 2 ** 20 + (numberOf(member(chain, 'handle')) ?? 0);
  table.bases.push({ name: textOf(member(chain, 'name')), hook, priority, type, registration });
}

/** The hook of a base chain that translates, or that may keep packets out of conntrack. */
export function sourceNatHook(chain: unknown): RuleHook | undefined {
  const hook = hookOf(member(chain, 'hook'));
  const priority = numberOf(member(chain, 'prio')) ?? 0;
  const isEarly = hook === 'prerouting' && priority < CONNTRACK_PRIORITY;
  return textOf(member(chain, 'type')) === 'nat' || isEarly ? hook : undefined;
}

function addRule(tables: ReadonlyMap<string, Draft>, rule: unknown): void {
  const table = tableOf(tables, rule);
  if (table === undefined) return;
  const chain = textOf(member(rule, 'chain'));
  const rules = table.rules.get(chain) ?? [];
  rules.push(rule);
  table.rules.set(chain, rules);
}

function addMap(tables: ReadonlyMap<string, Draft>, map: unknown): void {
  tableOf(tables, map)?.maps.set(textOf(member(map, 'name')), listOf(member(map, 'elem')));
}

function ruleTable(table: Draft): RuleTable {
  const { family, name, bases, maps } = table;
  const parsed = new Map<string, readonly KernelRule[]>();
  const parse = (chain: string): readonly KernelRule[] =>
    (table.rules.get(chain) ?? []).map((rule) => nftRule(rule, (map) => maps.get(map)));
  return {
    backend: backendOf(table),
    family,
    name,
    bases,
    rules: (chain) => {
      const known = parsed.get(chain) ?? parse(chain);
      parsed.set(chain, known);
      return known;
    },
  };
}

function backendOf({ family, name, bases }: Draft): NatBackend {
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

function familyOf(value: unknown): RuleFamily | undefined {
  return value === 'ip' || value === 'ip6' || value === 'inet' ? value : undefined;
}

function hookOf(value: unknown): RuleHook | undefined {
  return value === 'prerouting' || value === 'output' || value === 'postrouting' ? value : undefined;
}
