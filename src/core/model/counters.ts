// Conntrack counters of one namespace: /proc/net/stat/nf_conntrack or IPCTNL_MSG_CT_GET_STATS_CPU, summed over CPUs.

/** Absolute values; each per-CPU counter is a u32 that wraps. */
export interface ConntrackCounters {
  /** Candidates a port search found occupied (nf_conntrack_tuple_taken). */
  readonly found: number;
  readonly invalid: number;
  readonly insertFailed: number;
  readonly drop: number;
  readonly earlyDrop: number;
  /** chainlength column; absent before 5.15 or so: undefined. */
  readonly chainTooLong?: number;
  readonly clashResolve: number;
}

/** What happened between two readings of the same namespace. */
export interface CounterDelta extends ConntrackCounters {
  readonly seconds: number;
}

/** SNAT clashes and lost confirm races: insert_failed without the hash-chain limit's share (kernel-snat facts, 4.1). */
export function lostToSnat(delta: ConntrackCounters): number {
  return Math.max(0, delta.insertFailed - (delta.chainTooLong ?? 0));
}

/** Packets lost because the conntrack table was full: drop without the SNAT share. */
export function lostToFullTable(delta: ConntrackCounters): number {
  return Math.max(0, delta.drop - lostToSnat(delta));
}
