// What a node's namespace is set up to do with ports: addresses, NAT rules, claims, sysctls. All but its flows and counters.
import type { Gap } from '../core/model/gap.ts';
import type { NatRules } from '../core/model/nat-rule.ts';
import type { NodeSettings } from '../core/model/node-facts.ts';
import type { PortClaim } from '../core/model/port-claim.ts';
import type { Reading } from '../core/model/reading.ts';
import { readNatRules } from '../kernel/nat-rules/read-nat-rules.ts';
import { readSettings } from '../kernel/procfs/read-settings.ts';
import { readAddresses, readTunnels } from '../kernel/route/read-links.ts';
import { readListeners } from '../kernel/sock-diag/read-listeners.ts';
import { joinClaims } from './join-claims.ts';

export interface NodeSetting {
  readonly addresses: readonly string[];
  readonly natRules: NatRules;
  readonly claims: readonly PortClaim[];
  readonly settings: NodeSettings;
  /** The interfaces were read in full. */
  readonly linksRead: boolean;
  readonly gaps: readonly Gap[];
}

/** Reads the namespace the calling thread is in; what cannot be seen becomes a gap. */
export function readNodeSetting(): NodeSetting {
  const gaps: Gap[] = [];
  const keep = <Value>(reading: Reading<Value>): Value => {
    gaps.push(...reading.gaps);
    return reading.value;
  };
  const addresses = keep(readAddresses());
  const natRules = keep(readNatRules());
  const links = readTunnels();
  const claims = joinClaims({ listeners: keep(readListeners()), tunnels: keep(links), rules: natRules });
  return { addresses, natRules, claims, settings: keep(readSettings()), linksRead: links.complete, gaps };
}
