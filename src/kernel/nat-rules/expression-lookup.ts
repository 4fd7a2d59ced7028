// The nftables `lookup` expression: set membership, verdict maps, and maps that feed a NAT statement.
import type { PortRange } from '../../core/model/port-range.ts';
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import { addBetween, fieldOf } from './field-comparison.ts';
import { loadName } from './register-load.ts';
import type { RegisterLoad } from './register-load.ts';
import { NFT_REG_VERDICT } from './register-file.ts';
import type { SetContent, SetShape } from './rule-context.ts';
import type { RuleDraft } from './rule-draft.ts';
import { addOther, addPorts, addProtocols, addText, formatPorts, matchAll } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import type { SetElement } from './set-element.ts';
import { shortText } from './short-text.ts';

const NFT_LOOKUP_F_INV = 1;
/** An anonymous set is written out up to this many elements. */
const MAX_WRITTEN = 16;

interface Lookup {
  readonly name: string;
  readonly register: number;
  /** Undefined: membership only. */
  readonly target: number | undefined;
  readonly negated: boolean;
}

/** NFTA_LOOKUP_SET 1, SREG 2, DREG 3, FLAGS 5. */
export function decodeLookup(draft: RuleDraft, data: AttributeReader): void {
  let name = '';
  let register = 0;
  let target: number | undefined;
  let flags = 0;
  while (data.next()) {
    if (data.type === 1) name = shortText(data.bytes, data.start, data.stop);
    else if (data.type === 2) register = data.be32();
    else if (data.type === 3) target = data.be32();
    else if (data.type === 5) flags = data.be32();
  }
  apply(draft, { name, register, target, negated: (flags & NFT_LOOKUP_F_INV) !== 0 });
}

function apply(draft: RuleDraft, lookup: Lookup): void {
  const shape = draft.context.set(lookup.name);
  const keys = draft.registers.key(lookup.register, shape?.keyBytes ?? 1);
  if (keys === undefined) draft.unknown(`${setText(lookup, shape)} of an unknown register`);
  else if (lookup.target === undefined) addMembership(draft, lookup, { shape, keys });
  else if (lookup.target === NFT_REG_VERDICT) addVerdictMap(draft, lookup, { shape, keys });
  else loadFromMap(draft, lookup, { shape, keys });
}

interface Keyed {
  readonly shape: SetShape | undefined;
  readonly keys: readonly RegisterLoad[];
}

function addMembership(draft: RuleDraft, lookup: Lookup, { shape, keys }: Keyed): void {
  const [key] = keys;
  const field = keys.length === 1 && key !== undefined ? fieldOf(key, familyFor(draft, key)) : undefined;
  const not = lookup.negated ? '!' : '';
  if (field === 'source' || field === 'destination') {
    addText(draft.match, field, `${not}${addressSetText(draft, lookup, { shape, keys })}`);
  } else if (field === 'dport' || field === 'protocol') {
    addNumberSet(draft, lookup, { shape, field });
  } else {
    const names = keys.map((part) => fieldOf(part, familyFor(draft, part)) ?? loadName(part)).join(' . ');
    addOther(draft.match, `${names} ${not}${setText(lookup, shape)}`);
  }
}

/** A named set is its name; an anonymous one is written out when it is short. */
function addressSetText(draft: RuleDraft, lookup: Lookup, { shape, keys }: Keyed): string {
  const content = shape?.anonymous === true ? draft.context.content(shape) : undefined;
  const [key] = keys;
  if (content === undefined || key === undefined || content.elements.length > MAX_WRITTEN)
    return setText(lookup, shape);
  const texts = content.elements.map((element) => {
    const match = matchAll();
    addBetween(match, key, { ...element, family: familyFor(draft, key) });
    return match.source ?? match.destination ?? '?';
  });
  return texts.length === 1 ? (texts[0] ?? '?') : `{ ${texts.toSorted().join(', ')} }`;
}

function addNumberSet(
  draft: RuleDraft,
  lookup: Lookup,
  { shape, field }: { readonly shape: SetShape | undefined; readonly field: 'dport' | 'protocol' },
): void {
  const content = readable(draft, shape);
  if (content === undefined || !content.complete || content.otherwise !== undefined)
    return draft.unknown(`${field} in ${setText(lookup, shape)}`);
  const ranges = content.elements.map(({ first, last }) => ({ first: bigEndian(first), last: bigEndian(last) }));
  if (lookup.negated) addOther(draft.match, `!${field === 'dport' ? 'dport' : 'l4proto'} ${formatPorts(ranges)}`);
  else if (field === 'dport') addPorts(draft.match, ranges);
  else addProtocols(draft.match, ranges.flatMap(numbersOf));
}

function numbersOf({ first, last }: PortRange): readonly number[] {
  return Array.from({ length: Math.max(0, Math.min(last, 255) - first + 1) }, (_, index) => first + index);
}

function addVerdictMap(draft: RuleDraft, lookup: Lookup, { shape, keys }: Keyed): void {
  const content = readable(draft, shape);
  if (content === undefined) {
    draft.unclear.push(mapText(lookup, shape));
    return draft.unknown(mapText(lookup, shape));
  }
  if (!content.complete) draft.unclear.push(`some elements of ${mapText(lookup, shape)}`);
  const branches = content.elements.map((element) => ({
    match: elementMatch(draft, keys, element),
    verdict: element.verdict,
  }));
  const rest = matchAll();
  addOther(rest, `no element of ${isUnnamed(lookup, shape) ? 'an unnamed map' : `@${setName(lookup, shape)}`}`);
  if (content.otherwise !== undefined) branches.push({ match: rest, verdict: content.otherwise.verdict });
  draft.verdict = {
    kind: 'branches',
    branches: branches.flatMap(({ match, verdict }) => (verdict === undefined ? [] : [{ match, verdict }])),
  };
}

/** The value is not followed: what it feeds is named as unclear; the keys say for which packets the rule acts at all. */
function loadFromMap(draft: RuleDraft, lookup: Lookup, { shape, keys }: Keyed): void {
  const text = `${isUnnamed(lookup, shape) ? 'a map' : `map @${setName(lookup, shape)}`} of ${keys.map((key) => nameOf(draft, key)).join(' . ')}`;
  draft.registers.set(lookup.target ?? 0, { kind: 'named', text, length: 4, bigEndian: true });
  const narrows = keys.some((key) => fieldOf(key, familyFor(draft, key)) === 'dport');
  const content = narrows ? readable(draft, shape) : undefined;
  if (content !== undefined) draft.mapKeys = content.elements.map((element) => elementMatch(draft, keys, element));
}

function elementMatch(draft: RuleDraft, keys: readonly RegisterLoad[], element: SetElement): RuleMatch {
  const match = matchAll();
  let at = 0;
  for (const key of keys) {
    // A key of one part has the part's own length; parts of a concatenation are padded to 4 bytes (NFT_REG32_SIZE).
    const length = keys.length === 1 ? element.first.length : key.length;
    const first = element.first.subarray(at, at + length);
    addBetween(match, key, { first, last: element.last.subarray(at, at + length), family: familyFor(draft, key) });
    at += Math.ceil(length / 4) * 4;
  }
  return match;
}

function readable(draft: RuleDraft, shape: SetShape | undefined): SetContent | undefined {
  return shape === undefined ? undefined : draft.context.content(shape);
}

function nameOf(draft: RuleDraft, load: RegisterLoad): string {
  return fieldOf(load, familyFor(draft, load)) ?? loadName(load);
}

/** The kernel numbers unnamed sets (`__set%d`): that name says nothing to anyone. */
function isUnnamed(lookup: Lookup, shape: SetShape | undefined): boolean {
  return shape?.anonymous ?? /^__(?:set|map)\d/.test(lookup.name);
}

function setText(lookup: Lookup, shape: SetShape | undefined): string {
  return isUnnamed(lookup, shape) ? 'a set' : `@${setName(lookup, shape)}`;
}

function mapText(lookup: Lookup, shape: SetShape | undefined): string {
  return isUnnamed(lookup, shape) ? 'an unnamed verdict map' : `verdict map @${setName(lookup, shape)}`;
}

function setName(lookup: Lookup, shape: SetShape | undefined): string {
  return shape?.name ?? lookup.name;
}

function familyFor(draft: RuleDraft, load: RegisterLoad): 4 | 6 {
  return load.kind === 'payload' ? draft.family(load.offset, load.length) : draft.family();
}

function bigEndian(value: Uint8Array): number {
  return value.reduce((number, byte) => number * 256 + byte, 0);
}
