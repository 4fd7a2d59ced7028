// NAT rules from all files that hold rules.
import type { Gap } from '../../core/model/gap.ts';
import type { NatBackend, NatRules } from '../../core/model/nat-rule.ts';
import { joinTables, type ReadTables, tablesOfNft, tablesOfNftText, tablesOfSave } from '../rule-texts.ts';
import type { DumpKind } from '../../dumps/recognise-dump.ts';
import { emptyRules, incompatibleTables, LEGACY_PRESENT, NO_RULES, otherBackends, unreadLines } from './dump-gaps.ts';
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
  const nft = inputs.some(({ kinds }) => kinds.includes('nft-json') || kinds.includes('nft-text'));
  const empty = emptyBackends(inputs, backends);
  const known = new Set([...backends, ...empty.backends, ...(nft ? NFT_BACKENDS : [])]);
  // Text without the table nat, such as that of one other table, says nothing of it.
  const unseen = known.size === 0 ? [NO_RULES] : unseenBackends(known);
  const unsaid = unsaidTables(read, known);
  return { rules, gaps: [...gaps, ...empty.gaps, ...unsaid, ...unseen] };
}

/** Tables that iptables-save knows of and did not print, where no other file holds them. */
function unsaidTables(read: readonly ReadTables[], known: ReadonlySet<NatBackend>): readonly Gap[] {
  const incompatible = [...new Set(read.flatMap(({ unsaid }) => unsaid?.incompatible ?? []))];
  const warns = read.some(({ unsaid }) => unsaid?.warnsOfLegacy === true);
  return [
    ...(incompatible.length > 0 && !known.has('nftables') ? [incompatibleTables(incompatible)] : []),
    ...(warns && !known.has('iptables-legacy') ? [LEGACY_PRESENT] : []),
  ];
}

/** A whole ruleset of nft without a table of either kind says that there is none. */
const NFT_BACKENDS: readonly NatBackend[] = ['nftables', 'iptables-nft'];

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
  'felix-log': "calico-node's log",
};

function unseenBackends(seen: ReadonlySet<NatBackend>): readonly Gap[] {
  const names = (['iptables-legacy', 'iptables-nft', 'nftables'] as const).filter((backend) => !seen.has(backend));
  if (names.length === 0) return [];
  const text = (backends: readonly NatBackend[]): string => backends.map((backend) => BACKENDS[backend]).join(' and ');
  return [otherBackends({ read: text([...seen]), unread: text(names), isNftUnread: !seen.has('nftables') })];
}

const EMPTY: readonly (readonly [DumpKind, readonly NatBackend[]])[] = [
  ['empty-nft', NFT_BACKENDS],
  ['empty-iptables-nft', ['iptables-nft']],
  ['empty-iptables-legacy', ['iptables-legacy']],
];

interface EmptyBackends {
  readonly backends: ReadonlySet<NatBackend>;
  readonly gaps: readonly Gap[];
}

/**
 * Back ends without a rule, by files without a word. What another file shows to have rules contradicts that: the command was
 * refused then, as without root.
 */
function emptyBackends(inputs: readonly DumpInput[], found: ReadonlySet<NatBackend>): EmptyBackends {
  const said = inputs.flatMap(({ name, kinds }) =>
    EMPTY.flatMap(([kind, backends]) => (kinds.includes(kind) ? [{ name, backends }] : [])),
  );
  const [refused, believed] = [true, false].map((isRefused) =>
    said.filter(({ backends }) => backends.some((backend) => found.has(backend)) === isRefused),
  );
  return {
    backends: new Set(believed?.flatMap(({ backends }) => backends)),
    gaps: [
      ...(refused ?? []).map(({ name }) =>
        unreadLines(name, 'it is empty, and another file shows rules that it should hold'),
      ),
      ...(believed ?? []).map(({ name, backends }) =>
        emptyRules(name, backends.map((backend) => BACKENDS[backend]).join(' or ')),
      ),
    ],
  };
}
