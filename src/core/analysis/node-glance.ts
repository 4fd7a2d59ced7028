// What can be said of a node at a glance, without a look taken for it: a row of the live view.
import type { PortRange } from '../model/port-range.ts';
import type { CheckId, Severity } from './finding.ts';

export interface GlancedSpace {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly usedPorts: number;
  readonly capacityPorts: number;
}

export interface NodeGlance {
  readonly severity: Severity;
  /** What makes the node as bad as it is; absent while nothing was judged. */
  readonly check?: CheckId;
  readonly newPerSecond: number;
  readonly range?: PortRange;
  readonly worst?: GlancedSpace;
}
