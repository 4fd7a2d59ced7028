// The NAT rules of a node by its own programs: the nat and raw tables of iptables, and the tables of nft that translate.
import type { Gap } from '../../core/model/gap.ts';
import type { NatRules } from '../../core/model/nat-rule.ts';
import { type NftTable, parseNftChains } from '../../dumps/rules/parse-nft-chains.ts';
import { joinTables, type ReadTables, tablesOfNft, tablesOfSave } from '../rule-texts.ts';
import type { CommandText, NodeCommands } from './node-commands.ts';
import { noLegacyRules, noRules } from './remote-gaps.ts';

export interface RemoteRules {
  readonly rules: NatRules;
  readonly gaps: readonly Gap[];
}

/** Filter and mangle are left out: on a node with many policies they are most of the text, and no port is chosen there. */
const TABLES = ['nat', 'raw'] as const;
const PREFIXES = ['iptables', 'ip6tables'] as const;
/** Tables of nft that are read; no node has so many. */
const MOST_TABLES = 16;

/** `addresses` are the node's own: rules for others claim no port of it. */
export async function readRemoteRules(commands: NodeCommands, addresses: readonly string[]): Promise<RemoteRules> {
  const [nft, saved, legacy] = await Promise.all([readNft(commands), readSaved(commands), readLegacy(commands)]);
  // nft shows only the names of what iptables-nft wrote: the text of iptables-save, which comes later, counts.
  const { rules, gaps } = joinTables([...nft, ...saved, ...legacy], addresses);
  return { rules, gaps };
}

async function readNft(commands: NodeCommands): Promise<ReadTables[]> {
  const chains = await commands.text(['nft', '-j', 'list', 'chains']);
  const tables = chains.ok ? parseNftChains(chains.text) : undefined;
  if (tables === undefined)
    return [gapOnly(noRules('rules of native nftables', chains.ok ? 'its JSON is not whole' : chains.why))];
  const native = tables.filter(({ isIptables }) => !isIptables).slice(0, MOST_TABLES);
  return Promise.all(native.map((table) => readNftTable(commands, table)));
}

async function readNftTable(commands: NodeCommands, { family, name }: NftTable): Promise<ReadTables> {
  const read = await commands.text(['nft', '-j', 'list', 'table', family, name]);
  if (!read.ok) return gapOnly(noRules(`table ${family} ${name} of nft`, read.why));
  return tablesOfNft({ name: `table ${family} ${name}`, text: read.text });
}

async function readSaved(commands: NodeCommands): Promise<ReadTables[]> {
  const read = PREFIXES.flatMap((prefix) =>
    TABLES.map(async (table): Promise<ReadTables> => {
      const name = `${prefix}-nft-save`;
      const saved = await commands.text([name, '-t', table]);
      return saved.ok ? tablesOf(name, saved) : gapOnly(noRules(`table ${table} of ${prefix}-nft`, saved.why));
    }),
  );
  return Promise.all(read);
}

/** Only where legacy tables are there already: iptables-legacy-save would load its modules and so make them. */
async function readLegacy(commands: NodeCommands): Promise<ReadTables[]> {
  const [ipv4, ipv6] = await Promise.all(
    ['/proc/net/ip_tables_names', '/proc/net/ip6_tables_names'].map((path) => commands.text(['cat', path])),
  );
  const wanted = [
    ...legacyTables(ipv4).map((table) => ['iptables', table] as const),
    ...legacyTables(ipv6).map((table) => ['ip6tables', table] as const),
  ];
  return Promise.all(
    wanted.map(async ([prefix, table]): Promise<ReadTables> => {
      const name = `${prefix}-legacy-save`;
      const saved = await commands.text([name, '-t', table]);
      return saved.ok ? tablesOf(name, saved) : gapOnly(noLegacyRules(saved.why));
    }),
  );
}

/** The file is missing while no legacy table was ever asked for. */
function legacyTables(names: CommandText | undefined): string[] {
  const present = names?.ok === true ? names.text.split('\n') : [];
  return TABLES.filter((table) => present.includes(table));
}

function tablesOf(name: string, { text, stderr }: CommandText): ReadTables {
  const read = tablesOfSave({ name, text });
  // "# Table `nat' is incompatible, use 'nft' tool.": some of it was written by nft itself.
  const foreign = /incompatible/.test(`${text}${stderr}`);
  return foreign
    ? {
        ...read,
        gaps: [...read.gaps, noRules(`part of what ${name} shows`, 'written by another program than iptables')],
      }
    : read;
}

function gapOnly(gap: Gap): ReadTables {
  return { tables: [], gaps: [gap] };
}
