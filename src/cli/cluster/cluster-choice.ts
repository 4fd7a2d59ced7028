// Which cluster is looked at, and how its nodes are reached.

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
