// Requests to and attributes of nf_tables (include/uapi/linux/netfilter/nf_tables.h), without any socket.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import { AttributeReader as Attributes } from '../netlink/attribute-reader.ts';
import { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';
import type { BaseChain, RuleFamily, RuleHook } from '../../core/nat-rules/kernel-rule.ts';
import type { SetShape } from './rule-context.ts';
import { shortText } from './short-text.ts';

/** NFNL_SUBSYS_NFTABLES 10, high byte of nlmsg_type. */
const SUBSYSTEM = 10 << 8;

export const NFT_MSG_GETTABLE = 1;
export const NFT_MSG_GETCHAIN = 4;
export const NFT_MSG_GETRULE = 7;
export const NFT_MSG_GETSET = 10;
export const NFT_MSG_GETSETELEM = 13;

const NFT_TABLE_F_DORMANT = 1;
const NFT_SET_ANONYMOUS = 1;
const NFT_SET_INTERVAL = 4;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;

/** NFPROTO_INET 1, IPV4 2, IPV6 10. */
const FAMILIES: ReadonlyMap<number, RuleFamily> = new Map([
  [1, 'inet'],
  [2, 'ip'],
  [10, 'ip6'],
]);

/** NF_INET_PRE_ROUTING 0, LOCAL_OUT 3, POST_ROUTING 4. */
const HOOKS: ReadonlyMap<number, RuleHook> = new Map([
  [0, 'prerouting'],
  [3, 'output'],
  [4, 'postrouting'],
]);

/** nfgenmsg before the attributes. */
const NFGEN_BYTES = 4;

/** A message as it came: the nfgenmsg read, the attributes ready to walk. */
export interface NfTablesMessage {
  readonly family: RuleFamily;
  /** Low 16 bits of the ruleset generation (nfnl_msg_put): differs when the ruleset changed in between. */
  readonly generation: number;
  readonly attributes: AttributeReader;
}

/** Opens a message; undefined for families whose packets are never NATed (arp, bridge, netdev) and for short ones. */
export function openMessage(bytes: Uint8Array, start: number, stop: number): NfTablesMessage | undefined {
  if (stop - start < NFGEN_BYTES) return undefined;
  const family = FAMILIES.get(bytes[start] ?? 0);
  if (family === undefined) return undefined;
  const generation = ((bytes[start + 2] ?? 0) << 8) | (bytes[start + 3] ?? 0);
  return { family, generation, attributes: new Attributes(bytes, start + NFGEN_BYTES, stop) };
}

export interface DumpRequest {
  readonly type: number;
  readonly sequence: number;
  readonly table?: { readonly family: RuleFamily; readonly name: string };
  /** NFTA_SET_ELEM_LIST_SET. */
  readonly set?: string;
}

/** A dump request; without a table it asks for all families (AF_UNSPEC). NFTA_*_TABLE is 1 everywhere. */
export function dumpRequest({ type, sequence, table, set }: DumpRequest): Uint8Array {
  const writer = new MessageWriter(256);
  const family = [...FAMILIES].find(([, name]) => name === table?.family)?.[0] ?? 0;
  writer.begin(SUBSYSTEM | type, NLM_F_REQUEST | NLM_F_DUMP, sequence).nfgen(family);
  if (table !== undefined) writer.text(1, table.name);
  if (set !== undefined) writer.text(2, set);
  return writer.end().bytes;
}

export interface TableMessage {
  readonly name: string;
  readonly dormant: boolean;
  /** Grows with every table of the namespace. */
  readonly handle: number;
}

/** NFTA_TABLE_NAME 1, FLAGS 2, HANDLE 4. */
export function readTable(attributes: AttributeReader): TableMessage {
  let name = '';
  let dormant = false;
  let handle = 0;
  while (attributes.next()) {
    if (attributes.type === 1) name = textOf(attributes);
    else if (attributes.type === 2) dormant = (attributes.be32() & NFT_TABLE_F_DORMANT) !== 0;
    else if (attributes.type === 4) handle = attributes.be64();
  }
  return { name, dormant, handle };
}

export interface ChainMessage {
  readonly table: string;
  readonly name: string;
  readonly handle: number;
  /** Undefined for chains no hook enters, and for hooks without NAT. */
  readonly base: Omit<BaseChain, 'registration'> | undefined;
}

/** NFTA_CHAIN_TABLE 1, HANDLE 2, NAME 3, HOOK 4, TYPE 7. */
export function readChain(attributes: AttributeReader): ChainMessage {
  let table = '';
  let name = '';
  let handle = 0;
  let type = '';
  let hook: { hook: RuleHook | undefined; priority: number } | undefined;
  while (attributes.next()) {
    if (attributes.type === 1) table = textOf(attributes);
    else if (attributes.type === 2) handle = attributes.be64();
    else if (attributes.type === 3) name = textOf(attributes);
    else if (attributes.type === 4) hook = readHook(attributes.nested());
    else if (attributes.type === 7) type = textOf(attributes);
  }
  const known = hook?.hook;
  const base =
    hook === undefined || known === undefined ? undefined : { name, hook: known, priority: hook.priority, type };
  return { table, name, handle, base };
}

/** NFTA_HOOK_HOOKNUM 1, PRIORITY 2 (signed). */
function readHook(attributes: AttributeReader): { hook: RuleHook | undefined; priority: number } {
  let hook: RuleHook | undefined;
  let priority = 0;
  while (attributes.next()) {
    if (attributes.type === 1) hook = HOOKS.get(attributes.be32());
    else if (attributes.type === 2) priority = attributes.be32() | 0;
  }
  return { hook, priority };
}

/** NFTA_SET_NAME 2, FLAGS 3, KEY_LEN 5. */
export function readSet(attributes: AttributeReader): SetShape {
  let name = '';
  let flags = 0;
  let keyBytes = 0;
  while (attributes.next()) {
    if (attributes.type === 2) name = textOf(attributes);
    else if (attributes.type === 3) flags = attributes.be32();
    else if (attributes.type === 5) keyBytes = attributes.be32();
  }
  const interval = (flags & NFT_SET_INTERVAL) !== 0;
  return { name, anonymous: (flags & NFT_SET_ANONYMOUS) !== 0, interval, keyBytes };
}

/** The nested element list of one set message. */
export function elementList(attributes: AttributeReader): AttributeReader | undefined {
  while (attributes.next()) if (attributes.type === NFTA_SET_ELEM_LIST_ELEMENTS) return attributes.nested();
  return undefined;
}

export interface RulePlace {
  readonly table: string;
  readonly chain: string;
}

/** NFTA_RULE_TABLE 1, CHAIN 2, always first (nf_tables_fill_rule_info). */
export function rulePlace(attributes: AttributeReader): RulePlace {
  let table = '';
  while (attributes.next()) {
    if (attributes.type === 1) table = textOf(attributes);
    else if (attributes.type === 2) return { table, chain: textOf(attributes) };
  }
  return { table, chain: '' };
}

function textOf(attributes: AttributeReader): string {
  return shortText(attributes.bytes, attributes.start, attributes.stop);
}
