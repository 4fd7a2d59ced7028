// One entry of an iptables-legacy table: its addresses, interfaces, matches and target.
import { prefixText } from '../../core/nat-rules/address-text.ts';
import type { KernelRule, RuleVerdict } from '../../core/nat-rules/kernel-rule.ts';
import type { LegacyLayout } from './legacy-layout.ts';
import { INV_DSTIP, INV_PROTO, INV_SRCIP, INV_VIA_IN, INV_VIA_OUT } from './legacy-layout.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { addOther, addProtocols, addText, addUnknown, matchAll } from '../../core/nat-rules/rule-match.ts';
import { shortText } from './short-text.ts';
import type { StructReader } from './struct-reader.ts';
import type { IpsetNames } from './xt-extension.ts';
import { addXtMatch } from './xt-match.ts';
import { decodeXtTarget } from './xt-target.ts';

/** xt_entry_match and xt_entry_target: u16 size, char name[29], u8 revision. */
const HEADER_BYTES = 32;
const NAME_BYTES = 29;
const MAX_MATCHES = 256;

/** XT_RETURN is -NF_REPEAT - 1. */
const XT_RETURN = -5;
const NF_ACCEPT = 1;

export interface EntryContext {
  readonly layout: LegacyLayout;
  readonly ipsets: IpsetNames;
  /** Offset of this entry in its table, and of the next. */
  readonly offset: number;
  readonly next: number;
  /** The chain that starts at this offset. */
  chainAt(offset: number): string | undefined;
}

/** Decodes one entry; `entry` covers exactly it. Never throws. */
export function decodeEntry(entry: StructReader, context: EntryContext): KernelRule {
  const { layout } = context;
  const match = matchAll();
  addHeader(match, entry, layout);
  const targetOffset = entry.u16(layout.targetOffset);
  const comment = addMatches(match, entry, { ...context, targetOffset });
  const effect = decodeTarget(entry, { ...context, targetOffset });
  if (effect.unknown !== undefined) addUnknown(match, effect.unknown);
  return {
    match,
    verdict: effect.verdict,
    notrack: effect.notrack ?? false,
    packets: entry.u64(layout.counters),
    bytes: entry.u64(layout.counters + 8),
    comment,
    unclear: effect.unknown === undefined ? [] : [`target ${effect.unknown}`],
  };
}

function addHeader(match: RuleMatch, entry: StructReader, layout: LegacyLayout): void {
  const inverse = entry.u8(layout.inverseFlags);
  addPrefix(match, entry, { layout, field: 'source', negated: (inverse & INV_SRCIP) !== 0 });
  addPrefix(match, entry, { layout, field: 'destination', negated: (inverse & INV_DSTIP) !== 0 });
  addInterface(match, entry, { at: layout.interfaces, field: 'inInterface', negated: (inverse & INV_VIA_IN) !== 0 });
  addInterface(match, entry, {
    at: layout.interfaces + 16,
    field: 'outInterface',
    negated: (inverse & INV_VIA_OUT) !== 0,
  });
  const protocol = entry.u16(layout.protocol);
  if (protocol === 0) return;
  if ((inverse & INV_PROTO) === 0) addProtocols(match, [protocol]);
  else addOther(match, `l4proto != ${protocol}`);
}

/** src, dst, smsk, dmsk follow each other. */
function addPrefix(
  match: RuleMatch,
  entry: StructReader,
  test: { readonly layout: LegacyLayout; readonly field: 'source' | 'destination'; readonly negated: boolean },
): void {
  const { addressBytes, family } = test.layout;
  const at = test.field === 'source' ? 0 : addressBytes;
  const mask = entry.slice(at + 2 * addressBytes, addressBytes);
  if (mask.every((byte) => byte === 0)) return;
  addText(match, test.field, `${test.negated ? '!' : ''}${prefixText(entry.slice(at, addressBytes), mask, family)}`);
}

/** The mask covers the NUL of an exact name; a pattern's mask ends before it. */
function addInterface(
  match: RuleMatch,
  entry: StructReader,
  test: { readonly at: number; readonly field: 'inInterface' | 'outInterface'; readonly negated: boolean },
): void {
  const name = entry.slice(test.at, 16);
  const mask = entry.slice(test.at + 32, 16);
  const compared = mask.findIndex((byte) => byte === 0);
  const length = compared < 0 ? mask.length : compared;
  if (length === 0) return;
  // A pattern keeps its `+` behind the compared bytes.
  const text = shortText(name, 0, length);
  addText(match, test.field, `${test.negated ? '!' : ''}${text}${text.length < length || length >= 16 ? '' : '*'}`);
}

function addMatches(
  match: RuleMatch,
  entry: StructReader,
  context: EntryContext & { readonly targetOffset: number },
): string | undefined {
  const { layout, ipsets, targetOffset } = context;
  let comment: string | undefined;
  let at = layout.size;
  for (let count = 0; at + HEADER_BYTES <= targetOffset && count < MAX_MATCHES; count += 1) {
    const size = entry.u16(at);
    if (size < HEADER_BYTES || at + size > targetOffset) {
      addUnknown(match, 'a match cut short');
      return comment;
    }
    const info = entry.part(at + HEADER_BYTES, size - HEADER_BYTES);
    const extension = {
      name: entry.text(at + 2, NAME_BYTES),
      revision: entry.u8(at + 31),
      info,
      family: layout.family,
    };
    comment = addXtMatch(match, extension, ipsets) ?? comment;
    at += size;
  }
  return comment;
}

interface Effect {
  readonly verdict: RuleVerdict;
  readonly notrack?: boolean;
  readonly unknown?: string;
}

function decodeTarget(entry: StructReader, context: EntryContext & { readonly targetOffset: number }): Effect {
  const { targetOffset, layout } = context;
  const size = entry.u16(targetOffset);
  if (size < HEADER_BYTES || targetOffset + size > entry.length)
    return { verdict: { kind: 'continue' }, unknown: 'a target cut short' };
  const name = entry.text(targetOffset + 2, NAME_BYTES);
  if (name === '') return standardTarget(entry, context);
  const info = entry.part(targetOffset + HEADER_BYTES, size - HEADER_BYTES);
  return decodeXtTarget({ name, revision: entry.u8(targetOffset + 31), info, family: layout.family });
}

/** xt_standard_target: a negative verdict is -NF_* - 1, another one the offset to go on at. */
function standardTarget(entry: StructReader, context: EntryContext & { readonly targetOffset: number }): Effect {
  const verdict = entry.i32(context.targetOffset + HEADER_BYTES);
  if (verdict === XT_RETURN) return { verdict: { kind: 'return' } };
  if (verdict < 0) return { verdict: { kind: -verdict - 1 === NF_ACCEPT ? 'accept' : 'drop' } };
  if (verdict === context.next) return { verdict: { kind: 'continue' } };
  const chain = context.chainAt(verdict);
  if (chain === undefined) return { verdict: { kind: 'continue' }, unknown: 'a jump to no chain' };
  const isGoto = (entry.u8(context.layout.flags) & context.layout.gotoFlag) !== 0;
  return { verdict: { kind: isGoto ? 'goto' : 'jump', chain } };
}
