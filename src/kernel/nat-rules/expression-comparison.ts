// nftables expressions that compare a register with constants: cmp and range.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import { addBetween, addComparison, COMPARISONS } from './field-comparison.ts';
import { readData } from './nft-data.ts';
import { loadName, META_NFPROTO } from './register-load.ts';
import type { RegisterLoad } from './register-load.ts';
import type { RuleDraft } from './rule-draft.ts';
import { addOther, matchAll } from '../../core/nat-rules/rule-match.ts';

/** Handles `cmp` and `range`. @returns false for another expression. */
export function decodeTest(draft: RuleDraft, name: string, data: AttributeReader): boolean {
  if (name === 'cmp') compare(draft, data);
  else if (name === 'range') between(draft, data);
  else return false;
  return true;
}

/** NFTA_CMP_SREG 1, OP 2, DATA 3. */
function compare(draft: RuleDraft, data: AttributeReader): void {
  let register = 0;
  let operation = 0;
  let value: Uint8Array = new Uint8Array(0);
  while (data.next()) {
    if (data.type === 1) register = data.be32();
    else if (data.type === 2) operation = data.be32();
    else if (data.type === 3) value = readData(data.nested()).value;
  }
  const load = draft.registers.get(register);
  const comparison = COMPARISONS[operation];
  if (load === undefined || comparison === undefined) return draft.unknown('a comparison of an unknown register');
  if (isFibType(load)) return addFibType(draft, load, { not: comparison === '!=', type: value[0] ?? 0 });
  if (load.kind === 'meta' && load.key === META_NFPROTO && comparison === '==') draft.nfproto = value[0] === 10 ? 6 : 4;
  addComparison(draft.match, load, { comparison, value, family: familyOf(draft, load) });
}

/** NFTA_RANGE_SREG 1, OP 2 (EQ 0, NEQ 1), FROM_DATA 3, TO_DATA 4. */
function between(draft: RuleDraft, data: AttributeReader): void {
  let register = 0;
  let negated = false;
  let first: Uint8Array = new Uint8Array(0);
  let last: Uint8Array = new Uint8Array(0);
  while (data.next()) {
    if (data.type === 1) register = data.be32();
    else if (data.type === 2) negated = data.be32() === 1;
    else if (data.type === 3) first = readData(data.nested()).value;
    else if (data.type === 4) last = readData(data.nested()).value;
  }
  const load = draft.registers.get(register);
  if (load === undefined) return draft.unknown('a range test of an unknown register');
  const test = { first, last, family: familyOf(draft, load) };
  if (!negated) addBetween(draft.match, load, test);
  else addOther(draft.match, `!${betweenText(load, test)}`);
}

function betweenText(load: RegisterLoad, test: Parameters<typeof addBetween>[2]): string {
  const match = matchAll();
  addBetween(match, load, test);
  const [ports] = match.destinationPorts ?? [];
  if (ports !== undefined) return `dport ${ports.first}-${ports.last}`;
  if (match.source !== undefined) return `source ${match.source}`;
  if (match.destination !== undefined) return `destination ${match.destination}`;
  return match.other[0] ?? loadName(load);
}

function familyOf(draft: RuleDraft, load: RegisterLoad): 4 | 6 {
  return load.kind === 'payload' ? draft.family(load.offset, load.length) : draft.family();
}

function isFibType(load: RegisterLoad): load is RegisterLoad & { readonly kind: 'named' } {
  return load.kind === 'named' && load.text.startsWith('fib ') && load.text.endsWith(' type');
}

/** rtn_type by number, as nft writes it. */
function addFibType(draft: RuleDraft, load: { readonly text: string }, test: { not: boolean; type: number }): void {
  const names = ['unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable'];
  addOther(draft.match, `${test.not ? '!' : ''}${load.text} ${names[test.type] ?? test.type}`);
}
