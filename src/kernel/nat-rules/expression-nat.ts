// nftables statements that translate: masq, nat, redir. Ports and addresses come from registers that immediates filled.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import { addressRange } from '../../core/nat-rules/address-text.ts';
import type { NatPorts } from '../../core/nat-rules/kernel-rule.ts';
import { PROTO_SPECIFIED, randomOf } from './nat-flags.ts';
import { loadName } from './register-load.ts';
import type { RuleDraft } from './rule-draft.ts';
import { addOther } from '../../core/nat-rules/rule-match.ts';
import type { PortRange } from '../../core/model/port-range.ts';

const NFT_NAT_SNAT = 0;
const NFPROTO_IPV6 = 10;

/** Handles `masq`, `nat` and `redir`. @returns false for another expression. */
export function decodeNat(draft: RuleDraft, name: string, data: AttributeReader): boolean {
  if (name === 'masq') masquerade(draft, data);
  else if (name === 'nat') translate(draft, data);
  else if (name === 'redir') draft.verdict = { kind: 'dnat' };
  else return false;
  return true;
}

/** NFTA_MASQ_FLAGS 1, REG_PROTO_MIN 2, REG_PROTO_MAX 3 (absent: a single port). */
function masquerade(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const flags = value(1) ?? 0;
  const range = portRange(draft, value(2), value(3));
  draft.verdict = { kind: 'masquerade', ...usable(draft, range, flags) };
}

/** nft_masq_init takes the flags as they are: without NF_NAT_RANGE_PROTO_SPECIFIED the registers are never used. */
function usable(draft: RuleDraft, range: PortRange | undefined, flags: number): NatPorts {
  const random = randomOf(flags);
  if (range === undefined || (flags & PROTO_SPECIFIED) !== 0) return { range, random };
  addOther(draft.match, `ports ${range.first}-${range.last} ignored by the kernel: NF_NAT_RANGE_PROTO_SPECIFIED unset`);
  return { range: undefined, random };
}

/** NFTA_NAT_TYPE 1, FAMILY 2, REG_ADDR_MIN 3, REG_ADDR_MAX 4, REG_PROTO_MIN 5, REG_PROTO_MAX 6, FLAGS 7. */
function translate(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  if ((value(1) ?? NFT_NAT_SNAT) !== NFT_NAT_SNAT) {
    draft.verdict = { kind: 'dnat' };
    return;
  }
  const family = value(2) === NFPROTO_IPV6 ? 6 : 4;
  const addresses = addressesOf(draft, { first: value(3), last: value(4), family });
  // nft_nat_init sets NF_NAT_RANGE_PROTO_SPECIFIED itself when a port register is named.
  const range = portRange(draft, value(5), value(6));
  draft.verdict = { kind: 'snat', addresses, range, random: randomOf(value(7) ?? 0) };
}

function addressesOf(
  draft: RuleDraft,
  from: { readonly first: number | undefined; readonly last: number | undefined; readonly family: 4 | 6 },
): readonly string[] {
  if (from.first === undefined) return [];
  const first = constant(draft, from.first, 'addresses');
  const last = from.last === undefined ? first : constant(draft, from.last, 'addresses');
  return first === undefined || last === undefined ? [] : addressRange(first, last, from.family);
}

function portRange(draft: RuleDraft, min: number | undefined, max: number | undefined): PortRange | undefined {
  if (min === undefined) return undefined;
  const low = constant(draft, min, 'ports');
  const high = max === undefined ? low : constant(draft, max, 'ports');
  if (low === undefined || high === undefined) return undefined;
  const [from, to] = [port(low), port(high)];
  // The kernel swaps a reversed range (nf_nat_l4proto_unique_tuple).
  return { first: Math.min(from, to), last: Math.max(from, to) };
}

/** A register's constant; anything else is reported, because the kernel computes it per packet. */
function constant(draft: RuleDraft, register: number, what: string): Uint8Array | undefined {
  const load = draft.registers.get(register);
  if (load?.kind === 'constant') return load.bytes;
  const text = `${what} from ${load === undefined ? 'an unknown register' : loadName(load)}`;
  if (!draft.unclear.includes(text)) draft.unclear.push(text);
  addOther(draft.match, text);
  return undefined;
}

/** Network order, left-aligned in its register. */
function port(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

function numbers(data: AttributeReader): (type: number) => number | undefined {
  const values = new Map<number, number>();
  while (data.next()) values.set(data.type, data.be32());
  return (type) => values.get(type);
}
