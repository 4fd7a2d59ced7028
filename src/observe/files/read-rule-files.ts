// NAT rules from all files that hold rules.
import type { Gap } from '../../core/model/gap.ts';
import type { NatBackend, NatRules } from '../../core/model/nat-rule.ts';
import { joinTables, type ReadTables, tablesOfNft, tablesOfNftText, tablesOfSave } from '../rule-texts.ts';
import { NO_RULES, otherBackends } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';

export interface FilesRules {
  readonly rules: NatRules;
  readonly gaps: readonly Gap[];
}

/** `addresses` are the node's own, as far as they are known: rules for others claim no port of it. */
export function readRuleFiles(inputs: readonly DumpInput[], addresses: readonly string[]): FilesRules {
  // nft -j shows only the names of what iptables-nft wrote, its text at times more: the one that says most comes last and counts.
  const read = [...inputs.flatMap(nftTablesOf), ...inputs.flatMap(nftTextTablesOf), ...inputs.flatMap(savedTablesOf)];
  const { rules, gaps, backends } = joinTables(read, addresses);
  const hasNft = inputs.some(({ kinds }) => kinds.includes('nft-json') || kinds.includes('nft-text'));
  return { rules, gaps: [...gaps, ...(read.length === 0 ? [NO_RULES] : unseenBackends(backends, hasNft))] };
}

function nftTablesOf(input: DumpInput): ReadTables[] {
  return input.kinds.includes('nft-json') ? [tablesOfNft({ name: input.name, text: textOfInput(input) })] : [];
}

function nftTextTablesOf(input: DumpInput): ReadTables[] {
  if (!input.kinds.includes('nft-text')) return [];
  return [tablesOfNftText({ name: input.name, text: textOfInput(input) })];
}

function savedTablesOf(input: DumpInput): ReadTables[] {
  if (!input.kinds.includes('iptables-save')) return [];
  return [tablesOfSave({ name: input.name, text: textOfInput(input) }, input.kinds.length > 1)];
}

const BACKENDS: Readonly<Record<NatBackend, string>> = {
  'iptables-legacy': 'iptables-legacy',
  'iptables-nft': 'iptables-nft',
  nftables: 'native nftables',
  ebpf: 'eBPF programs',
};

function unseenBackends(found: ReadonlySet<NatBackend>, hasNft: boolean): readonly Gap[] {
  const seen = new Set<NatBackend>(found);
  // A whole ruleset of nft without a table of either kind says that there is none.
  if (hasNft) seen.add('nftables').add('iptables-nft');
  const names = (['iptables-legacy', 'iptables-nft', 'nftables'] as const).filter((backend) => !seen.has(backend));
  if (seen.size === 0 || names.length === 0) return [];
  const text = (backends: readonly NatBackend[]): string => backends.map((backend) => BACKENDS[backend]).join(' and ');
  return [otherBackends({ read: text([...seen]), unread: text(names), isNftUnread: !seen.has('nftables') })];
}
