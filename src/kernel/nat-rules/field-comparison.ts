// Turns one nftables comparison of a loaded field into what the rule's match says.
import { addressRange, addressText, prefixText } from '../../core/nat-rules/address-text.ts';
import { formatMark } from '../../core/nat-rules/mark-text.ts';
import {
  isBigEndian,
  loadName,
  META_IIFNAME,
  META_L4PROTO,
  META_MARK,
  META_NFPROTO,
  META_OIFNAME,
  NETWORK_HEADER,
  TRANSPORT_HEADER,
} from './register-load.ts';
import type { RegisterLoad } from './register-load.ts';
import { addOther, addPorts, addProtocols, addText } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { shortText } from './short-text.ts';

/** enum nft_cmp_ops in order. */
export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** What a loaded stretch of a packet is. */
export type PacketField = 'source' | 'destination' | 'protocol' | 'sport' | 'dport';

interface FieldPlace {
  readonly field: PacketField;
  readonly offset: number;
  readonly length: number;
}

const IPV4_FIELDS: readonly FieldPlace[] = [
  { field: 'protocol', offset: 9, length: 1 },
  { field: 'source', offset: 12, length: 4 },
  { field: 'destination', offset: 16, length: 4 },
];

const IPV6_FIELDS: readonly FieldPlace[] = [
  { field: 'protocol', offset: 6, length: 1 },
  { field: 'source', offset: 8, length: 16 },
  { field: 'destination', offset: 24, length: 16 },
];

const TRANSPORT_FIELDS: readonly FieldPlace[] = [
  { field: 'sport', offset: 0, length: 2 },
  { field: 'dport', offset: 2, length: 2 },
];

/** The whole field a load covers; undefined when it covers none or several. */
export function fieldOf(load: RegisterLoad, family: 4 | 6): PacketField | undefined {
  if (load.kind === 'meta') return load.key === META_L4PROTO ? 'protocol' : undefined;
  if (load.kind !== 'payload') return undefined;
  const inside = placesIn(load, family);
  const only = inside.length === 1 ? inside[0] : undefined;
  return only !== undefined && load.offset === only.offset && load.length <= only.length ? only.field : undefined;
}

/** Adds `load <comparison> value` to the match. */
export function addComparison(match: RuleMatch, load: RegisterLoad, test: FieldTest): void {
  if (load.kind === 'payload') addPayload(match, load, test);
  else if (load.kind === 'meta' && load.key === META_L4PROTO) addField(match, 'protocol', load, test);
  else if (load.kind === 'meta' && isEquality(test.comparison)) addMeta(match, load, test);
  else addOther(match, describe(load, test));
}

export interface FieldTest {
  readonly comparison: Comparison;
  readonly value: Uint8Array;
  readonly family: 4 | 6;
}

/** Adds `first <= load <= last`. */
export function addBetween(
  match: RuleMatch,
  load: RegisterLoad,
  test: { readonly first: Uint8Array; readonly last: Uint8Array; readonly family: 4 | 6 },
): void {
  const { first, last, family } = test;
  if (sameBytes(first, last)) return addComparison(match, load, { comparison: '==', value: first, family });
  const from = numberOf(load, first);
  const to = numberOf(load, last);
  const field = fieldOf(load, family);
  if (field === 'dport') addPorts(match, [{ first: from, last: to }]);
  else if (field === 'protocol') addProtocols(match, numbersBetween(from, Math.min(to, 255)));
  else if (field === 'source' || field === 'destination') addText(match, field, rangeText(first, last, family));
  else addOther(match, `${field ?? loadName(load)} ${from}-${to}`);
}

/** A prefix when the range is one, else `first-last`. */
export function rangeText(first: Uint8Array, last: Uint8Array, family: 4 | 6): string {
  const mask = first.map((byte, index) => ~(byte ^ (last[index] ?? 0)) & 0xff);
  const aligned = first.every((byte, index) => (byte & ~(mask[index] ?? 0)) === 0);
  const full = last.every((byte, index) => (byte | (mask[index] ?? 0)) === 0xff);
  const text = prefixText(first, mask, family);
  return aligned && full && text.includes('/')
    ? text
    : `${addressText(first, family)}-${addressRange(last, last, family).join()}`;
}

function addMeta(match: RuleMatch, load: RegisterLoad & { readonly kind: 'meta' }, test: FieldTest): void {
  const not = test.comparison === '!=';
  if (load.key === META_MARK) {
    const mask = load.mask === undefined ? 0xffffffff : littleEndian(load.mask);
    addText(match, 'mark', formatMark(littleEndian(test.value), mask, not));
  } else if (load.key === META_IIFNAME || load.key === META_OIFNAME) {
    const field = load.key === META_IIFNAME ? 'inInterface' : 'outInterface';
    addText(match, field, `${not ? '!' : ''}${interfacePattern(test.value)}`);
  } else if (load.key === META_NFPROTO) {
    addOther(match, `nfproto ${not ? 'not ' : ''}${test.value[0] === 10 ? 'ipv6' : 'ipv4'}`);
  } else {
    addOther(match, describe(load, test));
  }
}

/** A name without its NUL is a prefix: nft and iptables compare fewer bytes for `cali*` and `cali+`. */
function interfacePattern(value: Uint8Array): string {
  const text = shortText(value, 0, value.length);
  return value.includes(0) || value.length >= 16 ? text : `${text}*`;
}

/** nft merges neighbouring fields into one load (payload_can_merge): each is tested on its own here. */
function addPayload(match: RuleMatch, load: RegisterLoad & { readonly kind: 'payload' }, test: FieldTest): void {
  const places = placesIn(load, test.family);
  const [first] = places;
  const covered = places.reduce((sum, place) => sum + coverage(load, place), 0);
  const whole = covered === load.length && (test.comparison === '==' || places.length === 1);
  if (!whole || first === undefined || load.offset !== first.offset) return addOther(match, describe(load, test));
  for (const place of places) {
    const from = place.offset - load.offset;
    const length = coverage(load, place);
    const mask = load.mask?.slice(from, from + length) ?? new Uint8Array(length).fill(0xff);
    const part: RegisterLoad = { kind: 'payload', base: load.base, offset: place.offset, length, mask };
    addField(match, place.field, part, { ...test, value: test.value.subarray(from, from + length) });
  }
}

function addField(match: RuleMatch, field: PacketField, load: RegisterLoad, test: FieldTest): void {
  if (field === 'source' || field === 'destination') return addAddress(match, field, load, test);
  const value = bigEndian(test.value);
  if (field === 'protocol' && test.comparison === '==') addProtocols(match, [value]);
  else if (field === 'dport' && test.comparison !== '!=') addPorts(match, [portsWhere(test.comparison, value)]);
  else addOther(match, `${field === 'protocol' ? 'l4proto' : field} ${test.comparison} ${value}`);
}

function addAddress(match: RuleMatch, field: 'source' | 'destination', load: RegisterLoad, test: FieldTest): void {
  if (!isEquality(test.comparison))
    return addOther(match, `${field} ${test.comparison} ${addressText(test.value, test.family)}`);
  const size = test.family === 4 ? 4 : 16;
  const mask = new Uint8Array(size);
  mask.set(load.mask ?? new Uint8Array(Math.min(load.length, size)).fill(0xff));
  addText(match, field, `${test.comparison === '!=' ? '!' : ''}${prefixText(test.value, mask, test.family)}`);
}

function portsWhere(comparison: Comparison, value: number): { first: number; last: number } {
  if (comparison === '<') return { first: 0, last: value - 1 };
  if (comparison === '<=') return { first: 0, last: value };
  if (comparison === '>') return { first: value + 1, last: 65_535 };
  if (comparison === '>=') return { first: value, last: 65_535 };
  return { first: value, last: value };
}

function placesIn(load: RegisterLoad & { readonly kind: 'payload' }, family: 4 | 6): readonly FieldPlace[] {
  const network = family === 4 ? IPV4_FIELDS : IPV6_FIELDS;
  const places = load.base === NETWORK_HEADER ? network : load.base === TRANSPORT_HEADER ? TRANSPORT_FIELDS : [];
  return places.filter((place) => place.offset >= load.offset && place.offset < load.offset + load.length);
}

function coverage(load: RegisterLoad & { readonly kind: 'payload' }, place: FieldPlace): number {
  return Math.min(place.offset + place.length, load.offset + load.length) - place.offset;
}

/** `ct status & 0x20 != 0x0`. */
function describe(load: RegisterLoad, test: FieldTest): string {
  const mask = load.mask === undefined ? '' : ` & ${hex(numberOf(load, load.mask))}`;
  return `${loadName(load)}${mask} ${test.comparison} ${hex(numberOf(load, test.value))}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function isEquality(comparison: Comparison): boolean {
  return comparison === '==' || comparison === '!=';
}

/** A register's bytes as a number; more than 4 bytes keep the first 4. */
export function numberOf(load: RegisterLoad, value: Uint8Array): number {
  return isBigEndian(load) ? bigEndian(value) : littleEndian(value);
}

function bigEndian(value: Uint8Array): number {
  let number = 0;
  for (let at = 0; at < Math.min(value.length, 4); at += 1) number = ((number << 8) | (value[at] ?? 0)) >>> 0;
  return number;
}

function littleEndian(value: Uint8Array): number {
  let number = 0;
  for (let at = Math.min(value.length, 4) - 1; at >= 0; at -= 1) number = ((number << 8) | (value[at] ?? 0)) >>> 0;
  return number;
}

function numbersBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
