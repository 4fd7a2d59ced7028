// One `-A` line of iptables-save as the kernel's rule it came from.
import type { KernelRule } from '../../core/nat-rules/kernel-rule.ts';
import { addUnknown, matchAll } from '../../core/nat-rules/rule-match.ts';
import { addHeader, addModule } from './save-match.ts';
import { effectOf } from './save-target.ts';
import type { TargetContext } from './save-target.ts';
import { groupWords, saveWords } from './save-words.ts';

/** What `-A CHAIN` is followed by, and the counters before it. */
export interface SavedLine {
  readonly words: string;
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
}

/** Never throws: what is not understood is named in the match. */
export function savedRule({ words, packets, bytes }: SavedLine, context: TargetContext): KernelRule {
  const { header, modules, target } = groupWords(saveWords(words));
  const match = matchAll();
  addHeader(match, header, context.family);
  let comment: string | undefined;
  for (const module of modules) comment = addModule(match, module) ?? comment;
  const { verdict, notrack = false, unknown } = effectOf(target, context);
  if (unknown !== undefined) addUnknown(match, unknown);
  return {
    match,
    verdict,
    notrack,
    packets,
    bytes,
    comment,
    unclear: unknown === undefined ? [] : [`target ${unknown}`],
  };
}
