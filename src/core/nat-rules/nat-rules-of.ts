// All rules of one namespace, from tables that some reader decoded: the same for kernel bytes and for text of a file.
import type { Gap } from '../model/gap.ts';
import type { NatRules } from '../model/nat-rule.ts';
import { collectDnatPorts, collectUntrackedPorts } from './claimed-port.ts';
import type { RuleTable } from './kernel-rule.ts';
import { collectSourceNat } from './source-nat.ts';

export interface CollectedRules {
  readonly value: NatRules;
  readonly gaps: readonly Gap[];
}

/** Source-NAT rules in evaluation order and claimed ports; `local` are the node's own addresses, 16 bytes each. */
export function natRulesOf(tables: readonly RuleTable[], local: readonly Uint8Array[]): CollectedRules {
  const sourceNat = collectSourceNat(tables);
  const dnat = collectDnatPorts(tables, local);
  const untracked = collectUntrackedPorts(tables, local);
  return {
    value: { sourceNat: sourceNat.rules, dnatPorts: dnat.ports, untrackedPorts: untracked.ports },
    gaps: [...sourceNat.gaps, ...dnat.gaps, ...untracked.gaps],
  };
}
