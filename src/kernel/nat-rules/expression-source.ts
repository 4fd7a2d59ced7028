// nftables expressions that load something into a register: payload, meta, ct, fib, numgen, hash and the rest.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import type { RegisterLoad } from './register-load.ts';
import type { RuleDraft } from './rule-draft.ts';

/** enum nft_ct_keys in order. */
const CT_KEYS =
  'state|direction|status|mark|secmark|expiration|helper|l3proto|saddr|daddr|protocol|proto-src|proto-dst|labels|packets|bytes|avgpkt|zone|event|ip saddr|ip daddr|ip6 saddr|ip6 daddr|id'.split(
    '|',
  );

/** Expressions known by name only: where each keeps its destination register. */
const NAMED_DREG = new Map([
  ['rt', 1],
  ['exthdr', 1],
  ['osf', 1],
  ['xfrm', 1],
  ['socket', 2],
  ['tunnel', 2],
]);

/** Handles the expression when it loads a register. @returns false for another kind of expression. */
export function decodeSource(draft: RuleDraft, name: string, data: AttributeReader): boolean {
  if (name === 'payload') loadPayload(draft, data);
  else if (name === 'meta') loadMeta(draft, data);
  else if (name === 'ct') loadCt(draft, data);
  else if (name === 'fib') loadFib(draft, data);
  else if (name === 'numgen') loadNumgen(draft, data);
  else if (name === 'hash') loadHash(draft, data);
  else if (name === 'byteorder') swapByteOrder(draft, data);
  else if (name === 'bitwise') applyBitwise(draft, data);
  else if (NAMED_DREG.has(name)) loadNamed(draft, name, data);
  else return false;
  return true;
}

function numbers(data: AttributeReader): (type: number) => number | undefined {
  const values = new Map<number, number>();
  while (data.next()) values.set(data.type, data.length === 1 ? data.u8() : data.be32());
  return (type) => values.get(type);
}

/** NFTA_PAYLOAD_DREG 1, BASE 2, OFFSET 3, LEN 4; a payload with SREG 5 writes and loads nothing. */
function loadPayload(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const register = value(1);
  if (register === undefined) return;
  const load = { kind: 'payload', base: value(2) ?? 0, offset: value(3) ?? 0, length: value(4) ?? 0 } as const;
  draft.registers.set(register, load);
}

/** NFTA_META_DREG 1, KEY 2; `meta mark set` has SREG 3 instead. */
function loadMeta(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const register = value(1);
  const key = value(2) ?? -1;
  // IFNAMSIZ for names; l4proto and nfproto are single bytes; everything else a 32-bit word.
  const length = key === 6 || key === 7 ? 16 : key === 15 || key === 16 ? 1 : 4;
  if (register !== undefined) draft.registers.set(register, { kind: 'meta', key, length });
}

/** NFTA_CT_DREG 1, KEY 2, DIRECTION 3, SREG 4. */
function loadCt(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const key = value(2) ?? 0;
  const direction = value(3) === undefined ? '' : value(3) === 0 ? 'original ' : 'reply ';
  setNamed(draft, value(1), `ct ${direction}${CT_KEYS[key] ?? `key ${key}`}`);
}

/** NFTA_FIB_DREG 1, RESULT 2 (OIF 1, OIFNAME 2, ADDRTYPE 3), FLAGS 3 (SADDR 1, DADDR 2, MARK 4, IIF 8, OIF 16). */
function loadFib(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const flags = value(3) ?? 0;
  const keys = ['saddr', 'daddr', 'mark', 'iif', 'oif'].filter((_, bit) => ((flags >>> bit) & 1) === 1);
  const result = ['', 'oif', 'oifname', 'type'][value(2) ?? 0] ?? 'result';
  setNamed(draft, value(1), `fib ${keys.join(' . ')} ${result}`);
}

/** NFTA_NG_DREG 1, MODULUS 2, TYPE 3 (INCREMENTAL 0, RANDOM 1), OFFSET 4. */
function loadNumgen(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const offset = value(4) ?? 0;
  const type = value(3) === 1 ? 'random' : 'inc';
  setNamed(draft, value(1), `numgen ${type} mod ${value(2) ?? 0}${offset === 0 ? '' : ` offset ${offset}`}`);
}

/** NFTA_HASH_DREG 2, MODULUS 4, TYPE 7 (JENKINS 0, SYM 1). */
function loadHash(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  setNamed(draft, value(2), `${value(7) === 1 ? 'symhash' : 'jhash'} mod ${value(4) ?? 0}`);
}

function loadNamed(draft: RuleDraft, name: string, data: AttributeReader): void {
  const value = numbers(data);
  setNamed(draft, value(NAMED_DREG.get(name) ?? 1), name);
}

function setNamed(draft: RuleDraft, register: number | undefined, text: string): void {
  if (register !== undefined) draft.registers.set(register, { kind: 'named', text, length: 4, bigEndian: false });
}

/** NFTA_BYTEORDER_SREG 1, DREG 2: nft swaps host-order values before it looks them up in an interval set. */
function swapByteOrder(draft: RuleDraft, data: AttributeReader): void {
  const value = numbers(data);
  const load = draft.registers.get(value(1) ?? 0);
  if (load === undefined) return;
  const swapped: RegisterLoad = load.kind === 'named' ? { ...load, bigEndian: !load.bigEndian } : load;
  draft.registers.set(value(2) ?? 0, swapped);
}

/** NFTA_BITWISE_SREG 1, DREG 2, MASK 4 and XOR 5 (nested data), OP 6 (BOOL 0, shifts and others above). */
function applyBitwise(draft: RuleDraft, data: AttributeReader): void {
  let source = 0;
  let target = 0;
  let mask: Uint8Array | undefined;
  let isPlainMask = true;
  while (data.next()) {
    if (data.type === 1) source = data.be32();
    else if (data.type === 2) target = data.be32();
    else if (data.type === 4) mask = constantOf(data);
    else if (data.type === 5) isPlainMask &&= constantOf(data).every((byte) => byte === 0);
    else if (data.type === 6) isPlainMask &&= data.be32() === 0;
  }
  const load = draft.registers.get(source);
  if (load === undefined) return;
  const changed: RegisterLoad = { kind: 'named', text: 'computed value', length: load.length, bigEndian: false };
  draft.registers.set(target, isPlainMask && mask !== undefined ? { ...load, mask } : changed);
}

/** NFTA_DATA_VALUE 1 inside a nested attribute. */
function constantOf(data: AttributeReader): Uint8Array {
  const nested = data.nested();
  while (nested.next()) if (nested.type === 1) return nested.value();
  return new Uint8Array(0);
}
