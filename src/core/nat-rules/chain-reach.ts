// Which chains of a table lead to a rule of interest, so that walks leave the others alone.
import type { KernelRule, RuleTable, RuleVerdict } from './kernel-rule.ts';

/** A memo over one table: whether `chain` or a chain it jumps to holds a rule that `wanted` accepts. */
export class ChainReach {
  readonly #table: RuleTable;
  readonly #wanted: (rule: KernelRule) => boolean;
  readonly #known = new Map<string, boolean>();

  constructor(table: RuleTable, wanted: (rule: KernelRule) => boolean) {
    this.#table = table;
    this.#wanted = wanted;
  }

  /** Chains on a loop count as leading nowhere: the kernel refuses loops, bytes that are not the kernel's may hold one. */
  readonly leads = (chain: string): boolean => {
    const known = this.#known.get(chain);
    if (known !== undefined) return known;
    this.#known.set(chain, false);
    const leads = this.#table
      .rules(chain)
      .some((rule) => this.#wanted(rule) || targetsOf(rule.verdict).some((target) => this.leads(target)));
    this.#known.set(chain, leads);
    return leads;
  };
}

function targetsOf(verdict: RuleVerdict): readonly string[] {
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return [verdict.chain];
  return verdict.kind === 'branches' ? verdict.branches.flatMap((branch) => targetsOf(branch.verdict)) : [];
}
