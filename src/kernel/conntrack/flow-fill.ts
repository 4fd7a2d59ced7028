// What a fill of one port space looks like, as data: which SNAT ports are held, by whom, in which state, for how long.

export interface FlowFill {
  /** IPPROTO_TCP or IPPROTO_UDP. */
  readonly protocol: number;
  /** Pods that take turns as the owner of a flow. */
  readonly sources: readonly string[];
  /** First source port; each source counts up from here on its own turns. */
  readonly firstSourcePort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly snatAddress: string;
  /** SNAT ports to hold, one flow each. */
  readonly snatPorts: Uint16Array;
  /** TCP states that take turns (tcp-state.ts); ignored for UDP. */
  readonly tcpStates?: readonly number[];
  /** Seconds until the first and the last flow expire; the others lie between, evenly. */
  readonly timeoutSeconds: { readonly first: number; readonly last: number };
  /** Sets IPS_FIXED_TIMEOUT: the kernel never takes the entry over. */
  readonly fixed?: boolean;
  /** `none`: no reply yet. `once`: IPS_SEEN_REPLY, as a DNS exchange. `stream`, the default: IPS_ASSURED too. */
  readonly replies?: 'none' | 'once' | 'stream';
}

export interface FillReport {
  readonly created: number;
  readonly refused: number;
  /** errno name of the first refusal. */
  readonly firstRefusal?: string;
}
