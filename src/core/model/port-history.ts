// Who held a port of a node at a moment that may be past, as far as its agent remembers. Times are wall-clock milliseconds.
import type { Pod } from './pod.ts';

/** One connection and the time it held the port. */
export interface PastHolder {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly zone: number;
  readonly snatAddress: string;
  readonly port: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly fromMilliseconds: number;
  /** Absent while it still holds the port. */
  readonly toMilliseconds?: number;
  /** False: it began earlier, when nobody watched. */
  readonly beganExactly: boolean;
  /** False: its end was not heard; it was gone at `toMilliseconds`. */
  readonly endedExactly: boolean;
  /** The pod that had the source's address at that moment, as far as is known. */
  readonly pod?: PastPod;
}

export type PastPod = Pick<Pod, 'namespace' | 'name' | 'workload' | 'startedAt'>;

export interface PortHistory {
  readonly node: string;
  readonly port: number;
  readonly atMilliseconds: number;
  /** Since when the agent watches the node. */
  readonly watchedSinceMilliseconds: number;
  /** All connections that ended since are remembered; before that some may be forgotten, or nobody watched. */
  readonly reachesBackToMilliseconds: number;
  /** How old is what the agent knows of pods; absent where it knows none. */
  readonly podsAgeSeconds?: number;
  /** The latest to begin first. */
  readonly holders: readonly PastHolder[];
}
