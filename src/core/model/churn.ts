// New flows seen as NEW events while the window was open, per port space.

export interface NewFlows {
  readonly protocol: number;
  readonly snatAddress: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly zone: number;
  /** NEW events of SNATed flows in the window. */
  readonly count: number;
  /** Lowest and highest SNAT port among them. */
  readonly lowestPort: number;
  readonly highestPort: number;
}

/** What the event listener saw in a window. */
export interface FlowArrivals {
  readonly seconds: number;
  readonly portSpaces: readonly NewFlows[];
  /** NEW events of SNATed flows over all port spaces, also those not listed. */
  readonly total: number;
  /**
   * DESTROY events of SNATed flows in the window: a lower bound, because with nf_conntrack_events=2 entries that were born
   * before anyone listened end without one.
   */
  readonly ended?: number;
  /** True when ENOBUFS or a limit made the counts lower bounds. */
  readonly lossy: boolean;
}
