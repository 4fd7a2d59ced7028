// What commands ask of a cluster and its nodes.
import type { CheckSelection } from '../../present/diagnosis-selection.ts';
import type { Watched } from '../measures.ts';

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Name of the only node asked about. */
  readonly node?: string | undefined;
  /** A pod through which its node is read. */
  readonly execPod?: { readonly namespace: string; readonly name: string } | undefined;
}

/** How nodes are read. */
export interface ClusterReach {
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** Absent: all. */
  readonly maxNodes?: number;
}

/** What the program gives to whoever talks to a cluster. */
export interface ClusterWorld {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** ISO 8601. */
  readonly wallClock: () => string;
}

export interface ClusterOptions extends Watched {
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
  readonly world: ClusterWorld;
  readonly windowSeconds: number;
  readonly snatOnly: boolean;
}

export interface ClusterDiagnoseOptions extends ClusterOptions {
  /** Pods that the answer is limited to. */
  readonly namespace?: string;
  readonly selector?: string;
  readonly checks: CheckSelection;
}
