// Which natPortRange rules on a node and which layer sets it (felix/config/config_params.go, SourcesInDescendingOrder).
import type { FelixConfiguration } from '../model/calico/felix-configuration.ts';
import type { FelixEnvironment } from '../model/calico/felix-environment.ts';
import type { Seen } from '../model/calico/seen.ts';
import type { EffectiveNatPortRange } from './range-chain.ts';

export interface FelixRangeFacts {
  /** All of them, not only those of this node: one unreadable object hides all others from Felix. */
  readonly configurations: Seen<readonly FelixConfiguration[]>;
  readonly environment: Seen<FelixEnvironment>;
  /** The node's labels, which node selectors ask for. */
  readonly labels: Seen<Readonly<Record<string, string>>>;
  /** `v3.28.2`; decides whether node selectors are known to Felix. */
  readonly calicoVersion: Seen<string>;
}

/** The chain of one node, and what rules there. */
export function effectiveNatPortRange(node: string, facts: FelixRangeFacts): EffectiveNatPortRange {
  throw new Error(`not written yet: ${node} ${String(facts.configurations.seen)}`);
}
