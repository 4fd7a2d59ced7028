// Where a live view gets its looks: this node, a lab's node, the agents of a cluster.
import type { TopSnapshot } from '../../present/top/node-look.ts';

export interface TopSource {
  /** What is watched, for messages. */
  readonly name: string;
  /** The next look; it waits as long as the source's pace asks for. Rejects when the signal stops it. */
  next(signal: AbortSignal): Promise<TopSnapshot>;
  /** Told which node is opened, so that it is looked at and the others only glanced at; undefined: none is. */
  open?(node: string | undefined): void;
}
