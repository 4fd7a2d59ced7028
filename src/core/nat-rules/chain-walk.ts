// Follows the rules of one table from a base chain, in the kernel's order, with the tests that guard each jump.
import type { KernelRule, RuleTable, RuleVerdict } from './kernel-rule.ts';
import { negateMark } from './mark-text.ts';
import { matchAll, narrow, testsOnlyMark } from './rule-match.ts';
import type { RuleMatch } from './rule-match.ts';

/** nf_tables refuses more than NFT_JUMP_STACK_SIZE (16) jumps; iptables-legacy has no fixed limit. */
const MAX_DEPTH = 32;
/** Rules visited from one base chain: a chain that is reached by many ways is visited as often. */
const MAX_VISITS = 50_000;

/** One rule on its way: narrowed by every jump before it. */
export interface VisitedRule {
  readonly table: RuleTable;
  readonly path: readonly string[];
  readonly rule: KernelRule;
  readonly match: RuleMatch;
  /** One branch's verdict for a verdict map, else the rule's own. */
  readonly verdict: RuleVerdict;
}

export interface WalkOptions {
  readonly table: RuleTable;
  /** Whether a jump to this chain is worth following. */
  leads(chain: string): boolean;
  /** @returns false to not follow the jump of this rule. */
  visit(visited: VisitedRule): boolean;
}

/** Visits every rule that a packet can meet. @returns false when a bound ended the walk early. */
export function walkChain(base: string, options: WalkOptions): boolean {
  const walk = new Walk(options);
  walk.chain([base], matchAll());
  return walk.whole;
}

class Walk {
  whole = true;
  readonly #options: WalkOptions;
  #visits = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  chain(path: readonly string[], entryGuard: RuleMatch): void {
    let guard = entryGuard;
    for (const rule of this.#options.table.rules(path.at(-1) ?? '')) {
      if (!this.#mayGoOn()) return;
      const match = narrow(guard, rule.match);
      if (!match.impossible) this.#apply({ path, rule, match, verdict: rule.verdict });
      guard = afterReturn(guard, rule);
    }
  }

  #apply(reached: Omit<VisitedRule, 'table'>): void {
    const { verdict } = reached;
    if (verdict.kind === 'branches') {
      for (const branch of verdict.branches) {
        if (!this.#mayGoOn()) return;
        const match = narrow(reached.match, branch.match);
        if (!match.impossible) this.#apply({ ...reached, match, verdict: branch.verdict });
      }
      return;
    }
    const follow = this.#options.visit({ ...reached, table: this.#options.table });
    if (verdict.kind !== 'jump' && verdict.kind !== 'goto') return;
    if (follow && this.#options.leads(verdict.chain)) this.#enter(verdict.chain, reached);
  }

  #enter(chain: string, { path, match }: { readonly path: readonly string[]; readonly match: RuleMatch }): void {
    if (path.length >= MAX_DEPTH || path.includes(chain)) {
      this.whole = false;
      return;
    }
    this.chain([...path, chain], match);
  }

  #mayGoOn(): boolean {
    this.#visits += 1;
    if (this.#visits > MAX_VISITS) this.whole = false;
    return this.#visits <= MAX_VISITS;
  }
}

/** A return on a mark alone says what the rest of the chain sees: kube-proxy and flannel write their chains so. */
function afterReturn(guard: RuleMatch, rule: KernelRule): RuleMatch {
  if (rule.verdict.kind !== 'return' || rule.match.mark === undefined || !testsOnlyMark(rule.match)) return guard;
  return narrow(guard, { ...matchAll(), mark: negateMark(rule.match.mark) });
}
