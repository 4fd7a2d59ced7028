// nft_compat: xtables matches and targets inside nftables rules, as iptables-nft writes them.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import type { RuleDraft } from './rule-draft.ts';
import { addUnknown } from '../../core/nat-rules/rule-match.ts';
import { shortText } from './short-text.ts';
import { StructReader } from './struct-reader.ts';
import type { XtExtension } from './xt-extension.ts';
import { addXtMatch } from './xt-match.ts';
import { decodeXtTarget } from './xt-target.ts';

/** Handles `match` and `target`. @returns false for another expression. */
export function decodeXt(draft: RuleDraft, kind: string, data: AttributeReader): boolean {
  if (kind === 'match') {
    const comment = addXtMatch(draft.match, readExtension(draft, data), draft.context.ipsets);
    if (comment !== undefined) draft.comment = comment;
  } else if (kind === 'target') {
    applyTarget(draft, readExtension(draft, data));
  } else {
    return false;
  }
  return true;
}

function applyTarget(draft: RuleDraft, target: XtExtension): void {
  const effect = decodeXtTarget(target);
  draft.verdict = effect.verdict;
  draft.notrack ||= effect.notrack ?? false;
  if (effect.unknown === undefined) return;
  addUnknown(draft.match, effect.unknown);
  draft.unclear.push(`target ${effect.unknown}`);
}

/** NFTA_MATCH_NAME 1, REV 2, INFO 3; NFTA_TARGET_* number alike. */
function readExtension(draft: RuleDraft, data: AttributeReader): XtExtension {
  let name = '';
  let revision = 0;
  let info = new StructReader(new Uint8Array(0));
  while (data.next()) {
    if (data.type === 1) name = shortText(data.bytes, data.start, data.stop);
    else if (data.type === 2) revision = data.be32();
    else if (data.type === 3) info = new StructReader(data.bytes, data.start, data.stop);
  }
  return { name, revision, info, family: draft.family() };
}
