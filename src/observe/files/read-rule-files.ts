// NAT rules from all files that hold rules.
import { parseAddress } from '../../core/model/address.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { NatBackend, NatRules } from '../../core/model/nat-rule.ts';
import type { RuleTable } from '../../core/nat-rules/kernel-rule.ts';
import { natRulesOf } from '../../core/nat-rules/nat-rules-of.ts';
import { parseIptablesSave } from '../../dumps/rules/parse-iptables-save.ts';
import { parseNftJson } from '../../dumps/rules/parse-nft-json.ts';
import { parseNftText } from '../../dumps/rules/parse-nft-text.ts';
import { cutJson, cutNft, cutRules, NO_RULES, otherBackends, unreadLines } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';

export interface FilesRules {
  readonly rules: NatRules;
  readonly gaps: readonly Gap[];
}

interface ReadTables {
  readonly tables: readonly RuleTable[];
  readonly gaps: readonly Gap[];
}

/** `addresses` are the node's own, as far as they are known: rules for others claim no port of it. */
export function readRuleFiles(inputs: readonly DumpInput[], addresses: readonly string[]): FilesRules {
  // nft -j shows only the names of what iptables-nft wrote, its text at times more: the one that says most comes last and counts.
  const read = [...inputs.flatMap(nftTablesOf), ...inputs.flatMap(nftTextTablesOf), ...inputs.flatMap(savedTablesOf)];
  const tables = latest(read.flatMap(({ tables: some }) => some));
  const { value, gaps } = natRulesOf(
    tables,
    addresses.flatMap((text) => parseAddress(text) ?? []),
  );
  const unseen =
    read.length === 0
      ? [NO_RULES]
      : unseenBackends(
          tables,
          inputs.some(({ kinds }) => kinds.includes('nft-json') || kinds.includes('nft-text')),
        );
  return { rules: value, gaps: [...read.flatMap((one) => one.gaps), ...unseen, ...gaps] };
}

function nftTablesOf(input: DumpInput): ReadTables[] {
  if (!input.kinds.includes('nft-json')) return [];
  const tables = parseNftJson(textOfInput(input));
  return [tables === undefined ? { tables: [], gaps: [cutJson(input.name)] } : { tables, gaps: [] }];
}

function nftTextTablesOf(input: DumpInput): ReadTables[] {
  if (!input.kinds.includes('nft-text')) return [];
  const { tables, cut } = parseNftText(textOfInput(input));
  return [{ tables, gaps: cut.length > 0 ? [cutNft(input.name, cut)] : [] }];
}

function savedTablesOf(input: DumpInput): ReadTables[] {
  if (!input.kinds.includes('iptables-save')) return [];
  const { tables, unread, cut } = parseIptablesSave(textOfInput(input));
  const gaps: Gap[] = cut.length > 0 ? [cutRules(input.name, cut)] : [];
  if (unread > 0 && input.kinds.length === 1) gaps.push(unreadLines(input.name, `${unread} lines not understood`));
  return [{ tables, gaps }];
}

/** A table that is there twice was saved twice: the last one counts. */
function latest(tables: readonly RuleTable[]): readonly RuleTable[] {
  return [...new Map(tables.map((table) => [`${table.backend} ${table.family} ${table.name}`, table])).values()];
}

const BACKENDS: Readonly<Record<NatBackend, string>> = {
  'iptables-legacy': 'iptables-legacy',
  'iptables-nft': 'iptables-nft',
  nftables: 'native nftables',
  ebpf: 'eBPF programs',
};

function unseenBackends(tables: readonly RuleTable[], hasNft: boolean): readonly Gap[] {
  const seen = new Set<NatBackend>(tables.map(({ backend }) => backend));
  // A whole ruleset of nft without a table of either kind says that there is none.
  if (hasNft) seen.add('nftables').add('iptables-nft');
  const names = (['iptables-legacy', 'iptables-nft', 'nftables'] as const).filter((backend) => !seen.has(backend));
  if (seen.size === 0 || names.length === 0) return [];
  const text = (backends: readonly NatBackend[]): string => backends.map((backend) => BACKENDS[backend]).join(' and ');
  return [otherBackends(text([...seen]), text(names))];
}
