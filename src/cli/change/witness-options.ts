// What the program needs to look at the nodes of a cluster.
import type { NodeWitness } from '../../act/change/node-witness.ts';
import type { IpPool } from '../../core/model/calico/ip-pool.ts';
import type { ClusterChoice } from '../cluster/cluster-choice.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';

export interface WitnessOptions {
  readonly client: ClusterClient;
  /** Pools of Calico: flows from them to outside of them are the egress that natPortRange is about. */
  readonly pools: readonly IpPool[];
  /** How nodes are read; undefined: by exec alone. */
  readonly choice: Pick<ClusterChoice, 'via' | 'agentNamespace'> | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** ISO 8601. */
  readonly wallClock: () => string;
}

export type OpenWitness = (options: WitnessOptions) => Promise<NodeWitness>;
