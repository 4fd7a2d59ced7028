// A rule while its nftables expressions are decoded one after the other.
import type { RuleContext } from './rule-context.ts';
import { RegisterFile } from './register-file.ts';
import type { KernelRule, RuleVerdict, VerdictBranch } from '../../core/nat-rules/kernel-rule.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { addUnknown, matchAll } from '../../core/nat-rules/rule-match.ts';

export class RuleDraft {
  readonly context: RuleContext;
  readonly registers = new RegisterFile();
  match: RuleMatch = matchAll();
  verdict: RuleVerdict = { kind: 'continue' };
  /** Keys of a map that a NAT statement takes its values from: the rule acts for these only. */
  mapKeys: readonly RuleMatch[] | undefined;
  notrack = false;
  packets: number | undefined;
  bytes: number | undefined;
  comment: string | undefined;
  readonly unclear: string[] = [];
  /** Set by `meta nfproto`; a table of one family needs no test. */
  nfproto: 4 | 6 | undefined;

  constructor(context: RuleContext) {
    this.context = context;
  }

  /** The IP version of the packets here; in inet tables without a test, the one whose header has such a field. */
  family(offset = 12, length = 4): 4 | 6 {
    if (this.context.family === 'ip') return 4;
    if (this.context.family === 'ip6') return 6;
    if (this.nfproto !== undefined) return this.nfproto;
    return offset === 8 || offset === 24 || length > 8 ? 6 : 4;
  }

  unknown(name: string): void {
    addUnknown(this.match, name);
  }

  finish(): KernelRule {
    const { match, notrack, packets, bytes, comment, unclear } = this;
    this.#dropImpliedFamily();
    return { match, verdict: this.#finalVerdict(), notrack, packets, bytes, comment, unclear };
  }

  #finalVerdict(): RuleVerdict {
    if (this.mapKeys === undefined || this.verdict.kind !== 'dnat') return this.verdict;
    const verdict = this.verdict;
    const branches: VerdictBranch[] = this.mapKeys.map((match) => ({ match, verdict }));
    return { kind: 'branches', branches };
  }

  /** An address test already says which IP version a packet has. */
  #dropImpliedFamily(): void {
    const { match } = this;
    if (match.source === undefined && match.destination === undefined) return;
    match.other = match.other.filter((text) => !text.startsWith('nfproto '));
  }
}
