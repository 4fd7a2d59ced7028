// `nft -j list ruleset`: the tables that NAT depends on.
import type { BaseChain, RuleFamily, RuleTable } from '../../core/nat-rules/kernel-rule.ts';
import { jsonDepth, listOf, member, numberOf, textOf } from '../json-value.ts';
import { nftRule } from './nft-rule.ts';
import { nftBaseChain, nftFamily, nftRuleTable } from './nft-table.ts';

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

/** What nft prints is nested a dozen deep; what looks into it follows every level. */
const DEEPEST = 100;

/** The objects of a text of nft; undefined when it is not whole. */
export function objectsOf(text: string): readonly unknown[] | undefined {
  if (jsonDepth(text, DEEPEST) > DEEPEST) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const objects = member(parsed, 'nftables');
    return Array.isArray(objects) ? objects : undefined;
  } catch {
    return undefined;
  }
}

function addTable(tables: Map<string, Draft>, table: unknown): void {
  const family = nftFamily(textOf(member(table, 'family')));
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
  if (table === undefined) return;
  const base = nftBaseChain({
    name: textOf(member(chain, 'name')),
    hook: textOf(member(chain, 'hook')),
    type: textOf(member(chain, 'type')),
    priority: numberOf(member(chain, 'prio')) ?? 0,
    // Handles of tables grow over the namespace, handles of chains only within their table.
    registration: table.handle * 2 ** 20 + (numberOf(member(chain, 'handle')) ?? 0),
  });
  if (base !== undefined) table.bases.push(base);
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

function ruleTable({ family, name, bases, rules, maps }: Draft): RuleTable {
  return nftRuleTable({
    family,
    name,
    bases,
    decode: (chain) => (rules.get(chain) ?? []).map((rule) => nftRule(rule, (map) => maps.get(map))),
  });
}
