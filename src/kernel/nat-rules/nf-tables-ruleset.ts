// One picture of nf_tables: base chains of interest, and the rules of their tables, decoded when a walk reaches them.
import type { KernelRule, RuleFamily, RuleTable, BaseChain } from '../../core/nat-rules/kernel-rule.ts';
import { decodeRule } from './expression-decoder.ts';
import {
  NFT_MSG_GETCHAIN,
  NFT_MSG_GETRULE,
  NFT_MSG_GETTABLE,
  openMessage,
  readChain,
  readTable,
  rulePlace,
} from './nf-tables-message.ts';
import type { NfTablesMessage, TableMessage } from './nf-tables-message.ts';
import { NfTablesSets } from './nf-tables-sets.ts';
import type { NfTablesSource } from './nf-tables-source.ts';
import { RuleArena } from './rule-arena.ts';
import type { IpsetNames } from './xt-extension.ts';

/** NF_IP_PRI_CONNTRACK: what runs before it may keep packets out of conntrack. */
const CONNTRACK_PRIORITY = -200;

/** iptables-nft names tables and base chains as iptables always did. */
const IPTABLES_TABLES = new Set(['nat', 'raw', 'mangle', 'filter', 'security']);

export interface NfTablesRuleset {
  readonly tables: readonly RuleTable[];
  /** The ruleset changed while it was read. */
  readonly changed: boolean;
}

interface TableDraft extends TableMessage {
  readonly family: RuleFamily;
  readonly bases: BaseChain[];
}

/** Reads what NAT needs; rules are read only of tables that have a NAT or raw base chain. Errors: PTL_NETLINK. */
export function readNfTables(source: NfTablesSource, ipsets: IpsetNames): NfTablesRuleset {
  const picture = new Picture(source);
  const tables = picture.tables();
  picture.addBases(tables);
  const wanted = [...tables.values()].filter((table) => table.bases.length > 0 && !table.dormant);
  return { tables: wanted.map((table) => picture.ruleTable(table, ipsets)), changed: picture.changed };
}

/** The dumps of one reading, and whether they show one and the same ruleset. */
class Picture {
  changed = false;
  readonly #source: NfTablesSource;
  #generation: number | undefined;

  constructor(source: NfTablesSource) {
    this.#source = source;
  }

  tables(): Map<string, TableDraft> {
    const tables = new Map<string, TableDraft>();
    this.#dump({ type: NFT_MSG_GETTABLE }, ({ family, attributes }) => {
      const table = readTable(attributes);
      tables.set(`${family} ${table.name}`, { ...table, family, bases: [] });
    });
    return tables;
  }

  addBases(tables: ReadonlyMap<string, TableDraft>): void {
    this.#dump({ type: NFT_MSG_GETCHAIN }, ({ family, attributes }) => {
      const chain = readChain(attributes);
      const table = tables.get(`${family} ${chain.table}`);
      if (table === undefined || chain.base === undefined || !isWanted(chain.base)) return;
      // Handles of tables grow over the namespace, handles of chains only within their table.
      table.bases.push({ ...chain.base, registration: table.handle * 2 ** 20 + chain.handle });
    });
  }

  ruleTable(table: TableDraft, ipsets: IpsetNames): RuleTable {
    const { family, name, bases } = table;
    const sets = new NfTablesSets(this.#source, { family, name });
    const arena = this.#arena({ family, name });
    const decoded = new Map<string, readonly KernelRule[]>();
    const context = { family, set: sets.shape, content: sets.content, ipsets };
    const decode = (chain: string): readonly KernelRule[] =>
      Array.from(arena.rules(chain), (attributes) => decodeRule(attributes, context));
    const rules = (chain: string): readonly KernelRule[] => {
      const known = decoded.get(chain) ?? decode(chain);
      decoded.set(chain, known);
      return known;
    };
    return { backend: backendOf(table), family, name, bases, rules };
  }

  #arena(table: { family: RuleFamily; name: string }): RuleArena {
    const arena = new RuleArena();
    this.#dump({ type: NFT_MSG_GETRULE, table }, ({ family, attributes }, message) => {
      const place = rulePlace(attributes);
      // An old kernel dumps the rules of every table, whatever was asked.
      if (family !== table.family || place.table !== table.name) return;
      arena.add(place.chain, message.bytes.subarray(message.start + 4, message.stop));
    });
    return arena;
  }

  #dump(
    request: Parameters<NfTablesSource>[0],
    visit: (opened: NfTablesMessage, message: { bytes: Uint8Array; start: number; stop: number }) => void,
  ): void {
    const interrupted = this.#source(request, (message) => {
      const opened = openMessage(message.bytes, message.start, message.stop);
      if (opened === undefined) return;
      this.#generation ??= opened.generation;
      this.changed ||= this.#generation !== opened.generation;
      visit(opened, message);
    });
    this.changed ||= interrupted;
  }
}

function isWanted(base: Omit<BaseChain, 'registration'>): boolean {
  if (base.type === 'nat') return true;
  return base.hook === 'prerouting' && base.priority < CONNTRACK_PRIORITY;
}

function backendOf(table: TableDraft): 'nftables' | 'iptables-nft' {
  const isIptables =
    table.family !== 'inet' &&
    IPTABLES_TABLES.has(table.name) &&
    table.bases.every((base) => base.name === base.hook.toUpperCase());
  return isIptables ? 'iptables-nft' : 'nftables';
}
