// Tests on a rule's verdict, with the branches of a verdict map.
import type { RuleVerdict } from './kernel-rule.ts';

/** Whether the verdict, or one of its branches, is of such a kind. */
export function hasKind(verdict: RuleVerdict, kinds: ReadonlySet<RuleVerdict['kind']>): boolean {
  if (verdict.kind === 'branches') return verdict.branches.some((branch) => hasKind(branch.verdict, kinds));
  return kinds.has(verdict.kind);
}
