// Pods that are gone, for a while: a connection that is asked about later may have been theirs. The oldest makes room.
import type { Pod } from '../../core/model/pod.ts';

/** A node has 110 pods at a time by default; CronJobs make new ones every minute. */
const MOST_PODS = 5000;

interface Former {
  readonly pod: Pod;
  /** Wall-clock milliseconds when it was known to be gone. */
  readonly goneAt: number;
}

export class FormerPods {
  readonly #most: number;
  readonly #pods = new Set<Former>();

  constructor(most = MOST_PODS) {
    this.#most = most;
  }

  add(pod: Pod, goneAt: number): void {
    this.#pods.add({ pod, goneAt });
    const [oldest] = this.#pods;
    if (this.#pods.size > this.#most && oldest !== undefined) this.#pods.delete(oldest);
  }

  /** Those that had an address at a time of day, the last to begin first. */
  podsAt(address: string, atMilliseconds: number): readonly Pod[] {
    const found: Pod[] = [];
    for (const { pod, goneAt } of this.#pods)
      if (!pod.isHostNetwork && goneAt >= atMilliseconds && pod.addresses.includes(address)) found.push(pod);
    return found.toReversed();
  }
}
