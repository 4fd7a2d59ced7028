// What a child process does in a network namespace of its own, and what it hands back as JSON.
import type { NatRules } from '../../src/core/model/nat-rule.ts';
import type { Reading } from '../../src/core/model/reading.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** A file of test/corpora/nat-rules for its standard input. */
  readonly input?: string;
  /** Standard input itself. */
  readonly text?: string;
}

export interface NamespacePlan {
  /** hash:net ipsets to make first; the second is inet6. */
  readonly ipsets?: readonly string[];
  readonly setup: readonly Command[];
  /** Run after our reading; their output is what another program makes of the same namespace. */
  readonly oracles: readonly Command[];
  /** Adds `masq` with port registers but without NF_NAT_RANGE_PROTO_SPECIFIED to this chain of table `ip raw-masq`. */
  readonly unspecifiedMasquerade?: string;
  /** Also return the kernel's raw answers, base64. */
  readonly record?: boolean;
}

export interface NamespaceResult {
  readonly reading: Reading<NatRules>;
  readonly oracles: readonly string[];
  /** request key and message, for recorded-source.ts. */
  readonly recording: readonly (readonly [string, string])[];
  /** table, family, ipt_getinfo and ipt_get_entries. */
  readonly legacy: readonly (readonly [string, 4 | 6, string, string])[];
  readonly milliseconds: number;
}
