// Where a live view gets its looks: this node, a lab's node, later agents in a cluster.
import type { TopSnapshot } from '../../present/top/node-look.ts';

export interface TopSource {
  /** What is watched, for messages. */
  readonly name: string;
  /** The next look; it waits as long as the source's pace asks for. Rejects when the signal stops it. */
  next(signal: AbortSignal): Promise<TopSnapshot>;
}
