// NAT rules from texts that say rules: iptables-save of any back end, nft as text or JSON; from files and from a node's own programs alike.
import { parseAddress } from '../core/model/address.ts';
import type { Gap } from '../core/model/gap.ts';
import type { NatBackend, NatRules } from '../core/model/nat-rule.ts';
import type { RuleTable } from '../core/nat-rules/kernel-rule.ts';
import { natRulesOf } from '../core/nat-rules/nat-rules-of.ts';
import { parseIptablesSave, type SavedTables } from '../dumps/rules/parse-iptables-save.ts';
import { parseNftJson } from '../dumps/rules/parse-nft-json.ts';
import { parseNftText } from '../dumps/rules/parse-nft-text.ts';
import { cutJson, cutNft, cutRules, unreadLines } from './files/dump-gaps.ts';

/** One text and what it is called. */
export interface RuleText {
  readonly name: string;
  readonly text: string;
}

export interface ReadTables {
  readonly tables: readonly RuleTable[];
  readonly gaps: readonly Gap[];
  /** What iptables-save itself says that it does not show. */
  readonly unsaid?: Pick<SavedTables, 'incompatible' | 'warnsOfLegacy'>;
}

/** The tables of a text of iptables-save; lines of other kinds count as unread unless the text `isMixed`. */
export function tablesOfSave({ name, text }: RuleText, isMixed = false): ReadTables {
  const { tables, unread, cut, ...unsaid } = parseIptablesSave(text);
  const gaps: Gap[] = cut.length > 0 ? [cutRules(name, cut)] : [];
  if (unread > 0 && !isMixed) gaps.push(unreadLines(name, `${unread} lines not understood`));
  return { tables, gaps, unsaid };
}

/** The tables of `nft list ruleset`. */
export function tablesOfNftText({ name, text }: RuleText): ReadTables {
  const { tables, cut } = parseNftText(text);
  return { tables, gaps: cut.length > 0 ? [cutNft(name, cut)] : [] };
}

/** The tables of `nft -j list ruleset`. */
export function tablesOfNft({ name, text }: RuleText): ReadTables {
  const tables = parseNftJson(text);
  return tables === undefined ? { tables: [], gaps: [cutJson(name)] } : { tables, gaps: [] };
}

export interface JoinedRules {
  readonly rules: NatRules;
  readonly gaps: readonly Gap[];
  /** Whose rules were seen. */
  readonly backends: ReadonlySet<NatBackend>;
}

/** `addresses` are the node's own, as far as they are known: rules for others claim no port of it. */
export function joinTables(read: readonly ReadTables[], addresses: readonly string[]): JoinedRules {
  const tables = latest(read.flatMap(({ tables: some }) => some));
  const { value, gaps } = natRulesOf(
    tables,
    addresses.flatMap((text) => parseAddress(text) ?? []),
  );
  return {
    rules: value,
    gaps: [...read.flatMap((one) => one.gaps), ...gaps],
    backends: new Set(tables.map(({ backend }) => backend)),
  };
}

/** A table that is there twice was saved twice: the last one counts. */
function latest(tables: readonly RuleTable[]): readonly RuleTable[] {
  return [...new Map(tables.map((table) => [`${table.backend} ${table.family} ${table.name}`, table])).values()];
}
