// Decodes the expressions of one nftables rule (NFTA_RULE_EXPRESSIONS) into what the rule tests and does.
import { AttributeReader } from '../netlink/attribute-reader.ts';
import { decodeTest } from './expression-comparison.ts';
import { decodeLookup } from './expression-lookup.ts';
import { decodeNat } from './expression-nat.ts';
import { decodeSource } from './expression-source.ts';
import { decodeXt } from './expression-xt.ts';
import type { KernelRule } from '../../core/nat-rules/kernel-rule.ts';
import { readData } from './nft-data.ts';
import { NFT_REG_VERDICT } from './register-file.ts';
import type { RuleContext } from './rule-context.ts';
import { RuleDraft } from './rule-draft.ts';
import { addOther } from '../../core/nat-rules/rule-match.ts';
import { shortText } from './short-text.ts';

const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_USERDATA = 7;
const NFTA_LIST_ELEM = 1;
const NFTA_EXPR_NAME = 1;
const NFTA_EXPR_DATA = 2;
const NFTNL_UDATA_RULE_COMMENT = 0;

/** They neither test nor end: what the rule does to a packet's ports does not depend on them. */
const HARMLESS = new Set(['log', 'last', 'objref', 'dynset', 'dup', 'notrack', 'counter']);
const ENDING = new Set(['reject', 'queue', 'synproxy', 'tproxy', 'fwd']);
const NARROWING = new Set(['limit', 'quota', 'connlimit']);

/** Decodes a rule from its message's attributes; never throws. */
export function decodeRule(attributes: AttributeReader, context: RuleContext): KernelRule {
  const draft = new RuleDraft(context);
  while (attributes.next()) {
    if (attributes.type === NFTA_RULE_EXPRESSIONS) decodeExpressions(draft, attributes.nested());
    else if (attributes.type === NFTA_RULE_USERDATA) draft.comment ??= userComment(attributes);
  }
  if (attributes.truncated > 0) draft.unknown('a rule cut short');
  return draft.finish();
}

function decodeExpressions(draft: RuleDraft, list: AttributeReader): void {
  while (list.next()) if (list.type === NFTA_LIST_ELEM) decodeExpression(draft, list.nested());
  if (list.truncated > 0) draft.unknown('a rule cut short');
}

function decodeExpression(draft: RuleDraft, attributes: AttributeReader): void {
  let name = '';
  let data = new AttributeReader();
  while (attributes.next()) {
    if (attributes.type === NFTA_EXPR_NAME) name = shortText(attributes.bytes, attributes.start, attributes.stop);
    else if (attributes.type === NFTA_EXPR_DATA) data = attributes.nested();
  }
  if (attributes.truncated > 0) draft.unknown('a rule cut short');
  apply(draft, name, data);
}

function apply(draft: RuleDraft, name: string, data: AttributeReader): void {
  if (name === 'counter') decodeCounter(draft, data);
  else if (name === 'immediate') decodeImmediate(draft, data);
  else if (name === 'lookup') decodeLookup(draft, data);
  else if (name === 'notrack') draft.notrack = true;
  else if (decodeSource(draft, name, data)) return;
  else if (decodeTest(draft, name, data)) return;
  else if (decodeNat(draft, name, data)) return;
  else if (decodeXt(draft, name, data)) return;
  else if (ENDING.has(name)) draft.verdict = { kind: 'drop' };
  else if (NARROWING.has(name)) addOther(draft.match, name);
  else if (!HARMLESS.has(name)) draft.unknown(name === '' ? 'an expression without a name' : name);
}

/** NFTA_COUNTER_BYTES 1, PACKETS 2. */
function decodeCounter(draft: RuleDraft, data: AttributeReader): void {
  while (data.next()) {
    if (data.type === 1) draft.bytes = data.be64();
    else if (data.type === 2) draft.packets = data.be64();
  }
}

/** NFTA_IMMEDIATE_DREG 1, DATA 2: a verdict, or a constant for a later statement. */
function decodeImmediate(draft: RuleDraft, data: AttributeReader): void {
  let register = 0;
  let content = readData(new AttributeReader());
  while (data.next()) {
    if (data.type === 1) register = data.be32();
    else if (data.type === 2) content = readData(data.nested());
  }
  const { value, verdict } = content;
  if (register !== NFT_REG_VERDICT)
    draft.registers.set(register, { kind: 'constant', bytes: value, length: value.length });
  else if (verdict !== undefined) draft.verdict = verdict;
}

/** libnftnl's user data: type, length, value; the kernel only stores it. */
function userComment({ bytes, start, stop }: AttributeReader): string | undefined {
  for (let at = start; at + 2 <= stop; at += 2 + (bytes[at + 1] ?? 0)) {
    const length = bytes[at + 1] ?? 0;
    if (bytes[at] === NFTNL_UDATA_RULE_COMMENT) return shortText(bytes, at + 2, Math.min(at + 2 + length, stop));
  }
  return undefined;
}
