// What the left side of an nft test looks at, and what the test then says: in the words that the kernel's bytes are given.
import { formatMark } from '../../core/nat-rules/mark-text.ts';
import { addOther, addPorts, addProtocols, addText, addUnknown, formatPorts } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { MAX_PORT, type PortRange } from '../../core/model/port-range.ts';
import { kindOf, listOf, member, numberOf, textOf } from '../json-value.ts';
import { prefixOf } from './save-address.ts';
import { ipProtocol } from './save-protocol.ts';

type Field =
  | { readonly kind: 'source' | 'destination'; readonly family: 4 | 6 }
  | { readonly kind: 'protocol' | 'dport' | 'sport' | 'iifname' | 'oifname' | 'nfproto' }
  | { readonly kind: 'mark'; readonly mask: number }
  | { readonly kind: 'named'; readonly name: string };

export interface NftTest {
  readonly left: unknown;
  readonly right: unknown;
  readonly negated: boolean;
}

/** Adds one test; what cannot be said is named as unknown. */
export function addTest(match: RuleMatch, { left, right, negated }: NftTest): void {
  const field = fieldOf(left);
  const not = negated ? '!' : '';
  switch (field.kind) {
    case 'source':
    case 'destination':
      addText(match, field.kind, `${not}${addressText(right, field.family)}`);
      return impliedProtocol(match, left);
    case 'protocol':
      return addProtocolTest(match, right, negated);
    case 'dport':
    case 'sport':
      impliedProtocol(match, left);
      return addPortTest(match, { field: field.kind, right, negated });
    case 'iifname':
    case 'oifname':
      return addText(match, field.kind === 'iifname' ? 'inInterface' : 'outInterface', `${not}${textOf(right)}`);
    case 'mark':
      return addText(match, 'mark', formatMark(numberOf(right) ?? 0, field.mask, negated));
    case 'nfproto':
      return addOther(match, `nfproto ${negated ? 'not ' : ''}${textOf(right)}`);
    case 'named':
      return addOther(match, `${not}${field.name} ${shown(right)}`);
  }
}

/** Adds `left < right` and the like; only of ports is more said than that there is such a test. */
export function addComparison(
  match: RuleMatch,
  left: unknown,
  { op, right }: { readonly op: string; readonly right: unknown },
): void {
  const value = numberOf(right);
  const ports = value === undefined ? undefined : portsWhere(op, value);
  if (fieldOf(left).kind !== 'dport' || ports === undefined)
    return addOther(match, `${fieldName(left)} ${op} ${shown(right)}`);
  impliedProtocol(match, left);
  addPorts(match, [ports]);
}

function portsWhere(op: string, value: number): PortRange | undefined {
  if (op === '<') return { first: 0, last: value - 1 };
  if (op === '<=') return { first: 0, last: value };
  if (op === '>') return { first: value + 1, last: MAX_PORT };
  return op === '>=' ? { first: value, last: MAX_PORT } : undefined;
}

function fieldOf(left: unknown): Field {
  const payload = member(left, 'payload');
  const name = textOf(member(payload, 'field'));
  const header = textOf(member(payload, 'protocol'));
  if (name === 'saddr' || name === 'daddr')
    return { kind: name === 'saddr' ? 'source' : 'destination', family: header === 'ip6' ? 6 : 4 };
  if (name === 'sport' || name === 'dport') return { kind: name };
  if (header === 'ip' && name === 'protocol') return { kind: 'protocol' };
  const and = listOf(member(left, '&'));
  const key = textOf(member(member(and[0] ?? left, 'meta'), 'key'));
  if (key === 'mark') return { kind: 'mark', mask: numberOf(and[1]) ?? 0xffffffff };
  if (key === 'l4proto') return { kind: 'protocol' };
  if (key === 'iifname' || key === 'oifname' || key === 'nfproto') return { kind: key };
  return { kind: 'named', name: fieldName(left) };
}

/** `fib saddr type`, `ct status`, `numgen random mod 8`. */
function fieldName(left: unknown): string {
  const kind = kindOf(left);
  const inside = member(left, kind);
  if (kind === 'fib')
    return `fib ${listOf(member(inside, 'flags')).map(textOf).join(' . ')} ${textOf(member(inside, 'result'))}`;
  if (kind === 'numgen') return `numgen ${textOf(member(inside, 'mode'))} mod ${textOf(member(inside, 'mod'))}`;
  return `${kind} ${textOf(member(inside, 'key')) || textOf(member(inside, 'field'))}`.trim();
}

/** `tcp dport 80` tests the protocol too. */
function impliedProtocol(match: RuleMatch, left: unknown): void {
  const protocol = ipProtocol(textOf(member(member(left, 'payload'), 'protocol')));
  if (protocol !== undefined && protocol !== 0 && protocol !== 41) addProtocols(match, [protocol]);
}

function addProtocolTest(match: RuleMatch, right: unknown, negated: boolean): void {
  const protocols = elementsOf(right).map((value) => ipProtocol(textOf(value)));
  if (!protocols.every((protocol) => protocol !== undefined)) return addUnknown(match, `l4proto in ${shown(right)}`);
  if (negated) addOther(match, `l4proto != ${protocols.join(',')}`);
  else addProtocols(match, protocols);
}

function addPortTest(
  match: RuleMatch,
  { field, right, negated }: { readonly field: 'dport' | 'sport'; readonly right: unknown; readonly negated: boolean },
): void {
  const ranges = elementsOf(right).map(portRange);
  if (!ranges.every((range) => range !== undefined)) return addUnknown(match, `${field} in ${shown(right)}`);
  if (field === 'dport' && !negated) addPorts(match, ranges);
  else addOther(match, `${negated ? '!' : ''}${field} ${formatPorts(ranges)}`);
}

/** `443`, `{"range": [1, 2]}`. */
export function portRange(value: unknown): PortRange | undefined {
  const [from, to] = listOf(member(value, 'range'));
  const first = numberOf(value) ?? numberOf(from);
  const last = numberOf(value) ?? numberOf(to);
  return first === undefined || last === undefined
    ? undefined
    : { first: Math.min(first, last), last: Math.max(first, last) };
}

function elementsOf(value: unknown): readonly unknown[] {
  const set = member(value, 'set');
  return set === undefined ? [value] : listOf(set);
}

function addressText(value: unknown, family: 4 | 6): string {
  const set = member(value, 'set');
  if (set !== undefined) {
    const texts = listOf(set).map((element) => addressText(element, family));
    return texts.length === 1 ? (texts[0] ?? '') : `{ ${texts.toSorted().join(', ')} }`;
  }
  const prefix = member(value, 'prefix');
  if (prefix !== undefined)
    return prefixOf(`${textOf(member(prefix, 'addr'))}/${textOf(member(prefix, 'len'))}`, family) ?? shown(value);
  const range = listOf(member(value, 'range')).map(textOf);
  if (range.length === 2) return range.join('-');
  const text = textOf(value);
  return text.startsWith('@') ? text : (prefixOf(text, family) ?? shown(value));
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value).slice(0, 80);
}
