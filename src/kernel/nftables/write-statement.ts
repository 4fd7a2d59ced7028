// Encodes the statements of a rule as nf_tables expressions that hand values on in registers
// (include/uapi/linux/netfilter/nf_tables.h; net/netfilter/nft_*.c).
import { TCP } from '../../core/model/protocol.ts';
import type { NatRandom } from '../../core/model/nat-rule.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { MessageWriter } from '../netlink/message-writer.ts';
import { packAddress } from '../netlink/pack-address.ts';
import type { CtState, NftFamily, NftStatement } from './nft-command.ts';
import { bitwise, compare, expression, immediate, loadCt, loadMeta, loadPayload, verdict } from './write-expression.ts';

const NFPROTO_IPV4 = 2;
const NFPROTO_IPV6 = 10;
const NFT_REG_1 = 1;
const NFT_REG_2 = 2;
const NFT_REG_3 = 3;
const NFT_META_MARK = 3;
const NFT_META_IIFNAME = 6;
const NFT_META_OIFNAME = 7;
const NFT_META_L4PROTO = 16;
const NFT_CT_STATE = 0;
const NETWORK_HEADER = 1;
const TRANSPORT_HEADER = 2;
const NFT_CMP_EQ = 0;
const NFT_CMP_NEQ = 1;
const NFT_CMP_LTE = 3;
const NFT_CMP_GTE = 5;
const NFT_OBJECT_CT_TIMEOUT = 7;

const NF_NAT_RANGE_MAP_IPS = 1;
const NF_NAT_RANGE_PROTO_SPECIFIED = 2;
const RANDOM_FLAGS: Readonly<Record<NatRandom, number>> = { none: 0, random: 4, 'random-fully': 16 };
const CT_STATE_BITS: Readonly<Record<CtState, number>> = {
  invalid: 1,
  established: 2,
  related: 4,
  new: 8,
  untracked: 64,
};
const VERDICTS = { drop: 0, accept: 1, jump: -3, goto: -4, return: -5 } as const;

export interface Statements {
  readonly family: NftFamily;
  readonly statements: readonly NftStatement[];
}

/** Appends the expressions of all statements (NFTA_LIST_ELEM each). */
export function writeStatements(writer: MessageWriter, { family, statements }: Statements): void {
  for (const statement of statements) writeStatement(writer, { family, statement });
}

function writeStatement(
  writer: MessageWriter,
  { family, statement }: { readonly family: NftFamily; readonly statement: NftStatement },
): void {
  switch (statement.kind) {
    case 'l4proto':
      loadMeta(writer, NFT_META_L4PROTO);
      compare(writer, NFT_CMP_EQ, Uint8Array.of(statement.protocol));
      break;
    case 'saddr':
    case 'daddr':
      matchAddress(writer, statement);
      break;
    case 'sport':
    case 'dport':
      loadPayload(writer, { base: TRANSPORT_HEADER, offset: statement.kind === 'sport' ? 0 : 2, length: 2 });
      matchPorts(writer, statement);
      break;
    case 'iifname':
    case 'oifname':
      loadMeta(writer, statement.kind === 'iifname' ? NFT_META_IIFNAME : NFT_META_OIFNAME);
      compare(writer, negatable(statement), interfaceName(statement.name));
      break;
    case 'mark':
      loadMeta(writer, NFT_META_MARK);
      bitwise(writer, hostOrder(statement.mask));
      compare(writer, NFT_CMP_EQ, hostOrder(statement.value));
      break;
    case 'ct-state':
      loadCt(writer, NFT_CT_STATE);
      bitwise(writer, hostOrder(statement.states.reduce((bits, state) => bits | CT_STATE_BITS[state], 0)));
      compare(writer, NFT_CMP_NEQ, hostOrder(0));
      break;
    case 'counter':
      expression(writer, 'counter', () => writer.attribute(1, new Uint8Array(8)).attribute(2, new Uint8Array(8)));
      break;
    case 'notrack':
      expression(writer, 'notrack', () => {});
      break;
    case 'masquerade':
      masquerade(writer, statement);
      break;
    case 'snat':
    case 'dnat':
      translate(writer, { family, statement });
      break;
    case 'set-sport':
      rewriteSourcePort(writer, statement);
      break;
    case 'set-ct-timeout':
      expression(writer, 'objref', () => writer.be32(1, NFT_OBJECT_CT_TIMEOUT).text(2, statement.object));
      break;
    case 'accept':
    case 'drop':
    case 'return':
      verdict(writer, VERDICTS[statement.kind]);
      break;
    case 'jump':
    case 'goto':
      verdict(writer, VERDICTS[statement.kind], statement.chain);
      break;
  }
}

function matchAddress(writer: MessageWriter, match: NftStatement & { readonly kind: 'saddr' | 'daddr' }): void {
  const [text = '', prefixText] = match.cidr.split('/');
  const { bytes } = packAddress(text);
  const prefix = prefixText === undefined ? bytes.length * 8 : Number(prefixText);
  const sourceOffset = bytes.length === 4 ? 12 : 8;
  const offset = match.kind === 'saddr' ? sourceOffset : sourceOffset + bytes.length;
  loadPayload(writer, { base: NETWORK_HEADER, offset, length: bytes.length });
  if (prefix < bytes.length * 8) bitwise(writer, prefixMask(prefix, bytes.length));
  compare(writer, negatable(match), bytes);
}

function prefixMask(prefix: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8));
    return (0xff << (8 - bits)) & 0xff;
  });
}

function matchPorts(writer: MessageWriter, match: { readonly ports: PortRange; readonly negate?: boolean }): void {
  const { first, last } = match.ports;
  if (first === last) {
    compare(writer, negatable(match), networkOrder(first));
  } else if (match.negate === true) {
    expression(writer, 'range', () => {
      writer.be32(1, NFT_REG_1).be32(2, 1);
      writer.nest(3, () => writer.attribute(1, networkOrder(first)));
      writer.nest(4, () => writer.attribute(1, networkOrder(last)));
    });
  } else {
    compare(writer, NFT_CMP_GTE, networkOrder(first));
    compare(writer, NFT_CMP_LTE, networkOrder(last));
  }
}

/** PROTO_SPECIFIED must be in the flags: without it the listing shows the range and the kernel ignores it. */
function masquerade(writer: MessageWriter, action: NftStatement & { readonly kind: 'masquerade' }): void {
  loadRange(writer, action.range);
  expression(writer, 'masq', () => {
    const flags = natFlags(action);
    if (flags !== 0) writer.be32(1, flags);
    writeRange(writer, { range: action.range, attribute: 2 });
  });
}

interface Translation {
  readonly family: NftFamily;
  readonly statement: NftStatement & { readonly kind: 'snat' | 'dnat' };
}

function translate(writer: MessageWriter, { family, statement }: Translation): void {
  const range = rangeOf(statement);
  loadRange(writer, range);
  const { bytes, family: addressFamily } = packAddress(statement.address);
  immediate(writer, NFT_REG_3, bytes);
  expression(writer, 'nat', () => {
    writer.be32(1, statement.kind === 'snat' ? 0 : 1);
    writer.be32(2, family === 'inet' ? addressFamily : family === 'ip' ? NFPROTO_IPV4 : NFPROTO_IPV6);
    writer.be32(3, NFT_REG_3);
    writeRange(writer, { range, attribute: 5 });
    const random = statement.kind === 'snat' ? statement.random : 'none';
    writer.be32(7, NF_NAT_RANGE_MAP_IPS | natFlags({ random, ...(range === undefined ? {} : { range }) }));
  });
}

function rangeOf(statement: Translation['statement']): PortRange | undefined {
  if (statement.kind === 'snat') return statement.range;
  return statement.port === undefined ? undefined : { first: statement.port, last: statement.port };
}

function loadRange(writer: MessageWriter, range: PortRange | undefined): void {
  if (range === undefined) return;
  immediate(writer, NFT_REG_1, networkOrder(range.first));
  if (range.last !== range.first) immediate(writer, NFT_REG_2, networkOrder(range.last));
}

/** REG_PROTO_MIN at `attribute`, REG_PROTO_MAX next; without the second the kernel takes the first for both. */
function writeRange(
  writer: MessageWriter,
  { range, attribute }: { readonly range: PortRange | undefined; readonly attribute: number },
): void {
  if (range === undefined) return;
  writer.be32(attribute, NFT_REG_1);
  if (range.last !== range.first) writer.be32(attribute + 1, NFT_REG_2);
}

function natFlags(action: { readonly range?: PortRange; readonly random: NatRandom }): number {
  return RANDOM_FLAGS[action.random] | (action.range === undefined ? 0 : NF_NAT_RANGE_PROTO_SPECIFIED);
}

/** NFTA_PAYLOAD_SREG writes; csum_type NFT_PAYLOAD_CSUM_INET repairs the checksum at its offset (nft_payload.c). */
function rewriteSourcePort(writer: MessageWriter, rewrite: NftStatement & { readonly kind: 'set-sport' }): void {
  immediate(writer, NFT_REG_1, networkOrder(rewrite.port));
  expression(writer, 'payload', () => {
    writer.be32(5, NFT_REG_1).be32(2, TRANSPORT_HEADER).be32(3, 0).be32(4, 2);
    writer.be32(6, 1).be32(7, rewrite.protocol === TCP ? 16 : 6);
  });
}

function negatable(match: { readonly negate?: boolean }): number {
  return match.negate === true ? NFT_CMP_NEQ : NFT_CMP_EQ;
}

function interfaceName(name: string): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(new TextEncoder().encode(name).subarray(0, 15));
  return bytes;
}

function networkOrder(port: number): Uint8Array {
  return Uint8Array.of(port >>> 8, port & 0xff);
}

function hostOrder(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
