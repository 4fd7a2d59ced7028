// One rule as the kernel holds it, whichever back end wrote it: what it tests and what it then does.
import type { NatBackend, NatRandom } from '../model/nat-rule.ts';
import type { PortRange } from '../model/port-range.ts';
import type { RuleMatch } from './rule-match.ts';

export type RuleFamily = 'ip' | 'ip6' | 'inet';

/** What the port part of a NAT statement says. */
export interface NatPorts {
  /** Undefined: the kernel is told no range. */
  readonly range: PortRange | undefined;
  readonly random: NatRandom;
}

export type RuleVerdict =
  | { readonly kind: 'continue' | 'accept' | 'drop' | 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** A verdict map: each branch narrows the rule further. */
  | { readonly kind: 'branches'; readonly branches: readonly VerdictBranch[] }
  | ({ readonly kind: 'masquerade' } & NatPorts)
  | ({ readonly kind: 'snat'; readonly addresses: readonly string[] } & NatPorts)
  /** DNAT and REDIRECT alike: the packet's destination port is taken from the node. */
  | { readonly kind: 'dnat' };

export interface VerdictBranch {
  readonly match: RuleMatch;
  readonly verdict: RuleVerdict;
}

export interface KernelRule {
  readonly match: RuleMatch;
  readonly verdict: RuleVerdict;
  /** NOTRACK, CT --notrack, `notrack`: the packet stays out of conntrack. */
  readonly notrack: boolean;
  readonly packets: number | undefined;
  readonly bytes: number | undefined;
  readonly comment: string | undefined;
  /** What the rule does that this program cannot say: `ports from a map`. */
  readonly unclear: readonly string[];
}

/** Netfilter hooks whose rules are read. */
export type RuleHook = 'prerouting' | 'output' | 'postrouting';

/** Where the kernel starts. */
export interface BaseChain {
  readonly name: string;
  readonly hook: RuleHook;
  readonly priority: number;
  readonly type: string;
  /** Higher: registered later; at one priority the kernel runs the later one first (nf_hook_entries_grow). */
  readonly registration: number;
}

/** One table whose rules are decoded chain by chain, on demand. */
export interface RuleTable {
  readonly backend: NatBackend;
  readonly family: RuleFamily;
  readonly name: string;
  readonly bases: readonly BaseChain[];
  /** The rules of a chain in order; empty for a chain that does not exist. */
  rules(chain: string): readonly KernelRule[];
}
