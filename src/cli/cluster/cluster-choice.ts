// Which cluster is looked at, and how its nodes are reached.

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Name of the only node asked about. */
  readonly node?: string | undefined;
  /** A pod through which its node is read. */
  readonly execPod?: { readonly namespace: string; readonly name: string } | undefined;
  /** Absent: by its agent where one runs, else by exec. */
  readonly via?: NodeVia;
  /** Where agents are looked for; the usual one when absent. */
  readonly agentNamespace?: string;
}

export const NODE_VIAS = ['auto', 'agent', 'exec'] as const;

/** Through what nodes are read. */
export type NodeVia = (typeof NODE_VIAS)[number];

/** How nodes are read. */
export interface ClusterReach {
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** Absent: all. */
  readonly maxNodes?: number;
}
