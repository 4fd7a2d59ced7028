// Looks at one node again and again, and never spends more than a fifth of a core on it: after a dear look it waits longer.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { TopSnapshot } from '../../present/top/node-look.ts';
import { ObservedNode } from '../../present/top/observed-node.ts';
import type { TopSource } from './top-source.ts';

/** From one look to the next passes at least so many times what a look costs. */
const TIMES_ITS_COST = 5;

export interface RepeatedLooksOptions {
  readonly name: string;
  readonly intervalSeconds: number;
  /** A shorter window for the first look, so that something is seen soon. */
  readonly firstWindowSeconds: number;
  readonly look: (windowSeconds: number) => Promise<NodeFacts>;
  readonly diagnose: (facts: NodeFacts) => Promise<Diagnosis>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /**
   * Milliseconds of processor time spent so far; when absent, what a look takes beyond its window counts instead (in a lab
   * the traffic runs in this very process).
   */
  readonly cpuMilliseconds?: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export class RepeatedLooks implements TopSource {
  readonly name: string;
  readonly #options: RepeatedLooksOptions;
  #windowSeconds: number;
  #waitMilliseconds = 0;

  constructor(options: RepeatedLooksOptions) {
    this.name = options.name;
    this.#options = options;
    this.#windowSeconds = options.firstWindowSeconds;
  }

  async next(signal: AbortSignal): Promise<TopSnapshot> {
    const { now, sleep, intervalSeconds } = this.#options;
    if (this.#waitMilliseconds > 0) await sleep(this.#waitMilliseconds, signal);
    const start = now();
    const windowSeconds = this.#windowSeconds;
    const spentBefore = this.#options.cpuMilliseconds?.();
    const facts = await unlessStopped(this.#options.look(windowSeconds), signal);
    const node = new ObservedNode(facts, await this.#options.diagnose(facts));
    const took = now() - start;
    const spent =
      spentBefore === undefined
        ? took - windowSeconds * 1000
        : (this.#options.cpuMilliseconds?.() ?? spentBefore) - spentBefore;
    this.#windowSeconds = intervalSeconds;
    this.#waitMilliseconds = Math.max(0, TIMES_ITS_COST * spent - took);
    const expected = took - windowSeconds * 1000 + intervalSeconds * 1000 + this.#waitMilliseconds;
    return {
      at: node.diagnosis.at,
      nodes: [{ node: node.node, look: node }],
      pace: { intervalSeconds, actualSeconds: expected / 1000, lookSeconds: spent / 1000 },
    };
  }
}

/** A look that is going on is not waited for by someone who leaves. */
function unlessStopped<Result>(task: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
