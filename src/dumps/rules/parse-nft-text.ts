// `nft list ruleset` as text, with or without -a, -n, -s: the tables that NAT depends on.
import type { BaseChain, KernelRule, RuleTable } from '../../core/nat-rules/kernel-rule.ts';
import { nftBlocks, nftLines, nftTables } from './nft-blocks.ts';
import type { NftTableText } from './nft-blocks.ts';
import { readElements } from './nft-expression.ts';
import { nftRule } from './nft-rule.ts';
import { readRule } from './nft-statement.ts';
import { nftBaseChain, nftFamily, nftRuleTable } from './nft-table.ts';
import { nftWords } from './nft-tokens.ts';
import { NftWords } from './nft-words.ts';

export interface NftTextTables {
  readonly tables: readonly RuleTable[];
  /** Tables whose closing brace is missing: the text is cut short. */
  readonly cut: readonly string[];
}

/** Never throws. */
export function parseNftText(text: string): NftTextTables {
  const tables: RuleTable[] = [];
  const cut: string[] = [];
  let place = 0;
  for (const table of nftTables(text.replaceAll('\r', ''))) {
    // Tables and chains are listed as they were made, and what was made later registered later.
    place += 1;
    const read = tableOf(table, place);
    if (!table.isWhole) cut.push(`${table.family} ${table.name}`);
    if (read !== undefined && read.bases.length > 0) tables.push(read);
  }
  return { tables, cut };
}

interface Draft {
  readonly bases: BaseChain[];
  readonly chains: Map<string, string>;
  readonly maps: Map<string, string>;
}

function tableOf({ family: familyText, name, body }: NftTableText, place: number): RuleTable | undefined {
  const family = nftFamily(familyText);
  if (family === undefined) return undefined;
  const draft: Draft = { bases: [], chains: new Map(), maps: new Map() };
  for (const { head, body: inside } of nftBlocks(body)) {
    const [kind, object = ''] = head;
    if (kind === 'flags' && head.includes('dormant')) return undefined;
    if (inside === undefined) continue;
    if (kind === 'map') draft.maps.set(object, inside);
    else if (kind === 'chain')
      addChain(draft, object, { body: inside, registration: place * 2 ** 20 + draft.chains.size });
  }
  return nftRuleTable({ family, name, bases: draft.bases, decode: (chain) => rulesOf(draft, chain) });
}

interface ChainText {
  readonly body: string;
  readonly registration: number;
}

function addChain({ bases, chains }: Draft, name: string, { body, registration }: ChainText): void {
  chains.set(name, body);
  for (const line of nftLines(body)) {
    const base = baseOf(line);
    if (base === undefined) continue;
    const chain = nftBaseChain({ ...base, name, registration });
    if (chain !== undefined) bases.push(chain);
    return;
  }
}

const BASE = /^type\s+(\w+)\s+hook\s+(\w+)\b.*?\bpriority\s+(?:(-?\d+)|([a-z]+)(?:\s*([+-])\s*(\d+))?)/;
/** std_prios, src/rule.c of nftables: enum nf_ip_hook_priorities. */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

function baseOf(line: string): { readonly type: string; readonly hook: string; readonly priority: number } | undefined {
  const [, type = '', hook = '', plain, name = '', sign, distance = '0'] = BASE.exec(line) ?? [];
  if (type === '') return undefined;
  const from = PRIORITIES[name] ?? 0;
  return {
    type,
    hook,
    priority: plain === undefined ? from + (sign === '-' ? -1 : 1) * Number(distance) : Number(plain),
  };
}

const NO_RULE = /^(?:type\s+\w+\s+hook\s|policy\s+\w+$|comment\s|devices?\s|flags\s)/;

function rulesOf({ chains, maps }: Draft, chain: string): readonly KernelRule[] {
  const rules: KernelRule[] = [];
  const elements = (name: string): readonly unknown[] | undefined => {
    const body = maps.get(name);
    return body === undefined ? undefined : elementsIn(body);
  };
  for (const line of nftLines(chains.get(chain) ?? ''))
    if (!NO_RULE.test(line)) rules.push(nftRule(readRule(new NftWords([...nftWords(line)])), elements));
  return rules;
}

/** What `elements = { ... }` lists; a map that is filled by rules has none. */
function elementsIn(body: string): readonly unknown[] {
  const [, list] = /\belements\s*=\s*(\{[^]*)/.exec(body) ?? [];
  return list === undefined ? [] : readElements(new NftWords([...nftWords(list)]).braced(), true);
}
