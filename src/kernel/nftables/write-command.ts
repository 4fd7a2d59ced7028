// Encodes one command as one nf_tables message (nf_tables_cb in net/netfilter/nf_tables_api.c).
import type { MessageWriter } from '../netlink/message-writer.ts';
import { NLM_F_ACK, NLM_F_APPEND, NLM_F_CREATE, NLM_F_REQUEST } from '../netlink/netlink-socket.ts';
import type { NftBase, NftCommand, NftFamily, NftHook } from './nft-command.ts';
import { writeStatements } from './write-statement.ts';

const NFNL_SUBSYS_NFTABLES = 10;
const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_DELTABLE = 2;
const NFT_MSG_NEWCHAIN = 3;
const NFT_MSG_DELCHAIN = 5;
const NFT_MSG_NEWRULE = 6;
const NFT_MSG_DELRULE = 8;
const NFT_MSG_NEWOBJ = 18;

const NFTA_TABLE_NAME = 1;
const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_TYPE = 7;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_USERDATA = 7;
const NFTA_OBJ_TABLE = 1;
const NFTA_OBJ_NAME = 2;
const NFTA_OBJ_TYPE = 3;
const NFTA_OBJ_DATA = 4;
const NFT_OBJECT_CT_TIMEOUT = 7;
const NFTA_CT_TIMEOUT_L4PROTO = 2;
const NFTA_CT_TIMEOUT_DATA = 3;

const FAMILIES: Readonly<Record<NftFamily, number>> = { ip: 2, ip6: 10, inet: 1 };
const HOOKS: Readonly<Record<NftHook, number>> = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 };

export interface NumberedCommand {
  readonly command: NftCommand;
  readonly sequence: number;
}

/** Appends the message of one command. */
export function writeCommand(writer: MessageWriter, { command, sequence }: NumberedCommand): void {
  const begin = (message: number, flags: number): MessageWriter =>
    writer
      .begin((NFNL_SUBSYS_NFTABLES << 8) | message, NLM_F_REQUEST | NLM_F_ACK | flags, sequence)
      .nfgen(FAMILIES[command.family]);
  switch (command.kind) {
    case 'add-table':
      begin(NFT_MSG_NEWTABLE, NLM_F_CREATE).text(NFTA_TABLE_NAME, command.table);
      break;
    case 'delete-table':
      begin(NFT_MSG_DELTABLE, 0).text(NFTA_TABLE_NAME, command.table);
      break;
    case 'flush-table':
      begin(NFT_MSG_DELRULE, 0).text(NFTA_RULE_TABLE, command.table);
      break;
    case 'add-chain':
      begin(NFT_MSG_NEWCHAIN, NLM_F_CREATE).text(NFTA_CHAIN_TABLE, command.table).text(NFTA_CHAIN_NAME, command.chain);
      if (command.base !== undefined) writeBase(writer, command.base);
      break;
    case 'delete-chain':
      begin(NFT_MSG_DELCHAIN, 0).text(NFTA_CHAIN_TABLE, command.table).text(NFTA_CHAIN_NAME, command.chain);
      break;
    case 'flush-chain':
      begin(NFT_MSG_DELRULE, 0).text(NFTA_RULE_TABLE, command.table).text(NFTA_RULE_CHAIN, command.chain);
      break;
    case 'add-rule':
      begin(NFT_MSG_NEWRULE, NLM_F_CREATE | (command.insert === true ? 0 : NLM_F_APPEND));
      writeRule(writer, command);
      break;
    case 'add-ct-timeout':
      begin(NFT_MSG_NEWOBJ, NLM_F_CREATE);
      writeCtTimeout(writer, command);
      break;
  }
  writer.end();
}

function writeBase(writer: MessageWriter, base: NftBase): void {
  writer.nest(NFTA_CHAIN_HOOK, () => {
    writer.be32(NFTA_HOOK_HOOKNUM, HOOKS[base.hook]).be32(NFTA_HOOK_PRIORITY, base.priority);
  });
  writer.be32(NFTA_CHAIN_POLICY, base.policy === 'drop' ? 0 : 1).text(NFTA_CHAIN_TYPE, base.type);
}

function writeRule(writer: MessageWriter, rule: NftCommand & { readonly kind: 'add-rule' }): void {
  writer.text(NFTA_RULE_TABLE, rule.table).text(NFTA_RULE_CHAIN, rule.chain);
  writer.nest(NFTA_RULE_EXPRESSIONS, () => writeStatements(writer, rule));
  if (rule.comment !== undefined) writer.attribute(NFTA_RULE_USERDATA, commentUserdata(rule.comment));
}

/** NFTNL_UDATA_RULE_COMMENT (libnftnl): type 0, length, text with its NUL; the kernel stores it unread. */
function commentUserdata(comment: string): Uint8Array {
  const text = new TextEncoder().encode(`${comment}\0`);
  return Uint8Array.of(0, text.length, ...text);
}

function writeCtTimeout(writer: MessageWriter, object: NftCommand & { readonly kind: 'add-ct-timeout' }): void {
  writer.text(NFTA_OBJ_TABLE, object.table).text(NFTA_OBJ_NAME, object.object);
  writer.be32(NFTA_OBJ_TYPE, NFT_OBJECT_CT_TIMEOUT);
  writer.nest(NFTA_OBJ_DATA, () => {
    writer.u8(NFTA_CT_TIMEOUT_L4PROTO, object.protocol);
    writer.nest(NFTA_CT_TIMEOUT_DATA, () => {
      for (const [state, seconds] of Object.entries(object.secondsByState)) writer.be32(Number(state), seconds);
    });
  });
}
