// NFTA_DATA_*: the constant or the verdict inside an expression or a set element.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import type { RuleVerdict } from '../../core/nat-rules/kernel-rule.ts';
import { shortText } from './short-text.ts';

const NFTA_DATA_VALUE = 1;
const NFTA_DATA_VERDICT = 2;
const NFTA_VERDICT_CODE = 1;
const NFTA_VERDICT_CHAIN = 2;

const NF_ACCEPT = 1;
const NFT_CONTINUE = -1;
const NFT_JUMP = -3;
const NFT_GOTO = -4;
const NFT_RETURN = -5;

export interface NftData {
  readonly value: Uint8Array;
  readonly verdict: RuleVerdict | undefined;
}

/** Reads a nested data attribute. */
export function readData(attributes: AttributeReader): NftData {
  let value = new Uint8Array(0);
  let verdict: RuleVerdict | undefined;
  while (attributes.next()) {
    if (attributes.type === NFTA_DATA_VALUE) value = new Uint8Array(attributes.value());
    else if (attributes.type === NFTA_DATA_VERDICT) verdict = readVerdict(attributes.nested());
  }
  return { value, verdict };
}

function readVerdict(attributes: AttributeReader): RuleVerdict {
  let code = NFT_CONTINUE;
  let chain = '';
  while (attributes.next()) {
    if (attributes.type === NFTA_VERDICT_CODE) code = attributes.be32() | 0;
    else if (attributes.type === NFTA_VERDICT_CHAIN)
      chain = shortText(attributes.bytes, attributes.start, attributes.stop);
  }
  return verdictOf(code, chain);
}

function verdictOf(code: number, chain: string): RuleVerdict {
  if (code === NF_ACCEPT) return { kind: 'accept' };
  if (code === NFT_JUMP) return { kind: 'jump', chain };
  if (code === NFT_GOTO) return { kind: 'goto', chain };
  if (code === NFT_RETURN) return { kind: 'return' };
  // NF_DROP, NF_STOLEN, NF_QUEUE: the packet does not come back; NFT_BREAK never leaves a rule.
  return code >= 0 ? { kind: 'drop' } : { kind: 'continue' };
}
