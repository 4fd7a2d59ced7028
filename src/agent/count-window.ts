// The time since the last look: where counting began, and what was counted since. Rates and losses are those of a window.
import { arrivalsOf } from '../core/ledger/ledger-table.ts';
import type { ConntrackCounters, CounterDelta } from '../core/model/counters.ts';
import type { FlowArrivals } from '../core/model/churn.ts';
import type { Gap } from '../core/model/gap.ts';
import { deltaOf } from '../observe/read-counters.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';

export interface WindowStart {
  readonly keeper: Pick<LedgerKeeper, 'ledger' | 'events'>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** As they stood then; undefined when they could not be read. */
  readonly counters: ConntrackCounters | undefined;
}

export class CountWindow {
  /** Monotonic milliseconds. */
  readonly start: number;
  readonly #from: WindowStart;
  readonly #began: number;
  readonly #ended: number;
  readonly #overruns: number;

  /** Begins now: the ledger's tally is emptied. */
  constructor(from: WindowStart) {
    const { ledger, events } = from.keeper;
    ledger.tally.clear();
    this.start = from.now();
    this.#from = from;
    this.#began = ledger.counts.snatBegan;
    this.#ended = ledger.counts.snatEnded;
    this.#overruns = events.overruns;
  }

  /** How long it is by now. */
  get seconds(): number {
    return (this.#from.now() - this.start) / 1000;
  }

  /** SNATed flows that were heard to begin. */
  get began(): number {
    return this.#from.keeper.ledger.counts.snatBegan - this.#began;
  }

  get ended(): number {
    return this.#from.keeper.ledger.counts.snatEnded - this.#ended;
  }

  /** What began in the window, which is so long; undefined when nothing can be heard. */
  arrivals(seconds: number): FlowArrivals | undefined {
    const { ledger, events } = this.#from.keeper;
    if (events.gap !== undefined) return undefined;
    const { began, ended } = this;
    return arrivalsOf(ledger, { seconds, began, ended, lossy: this.#lost > 0 });
  }

  /** What events do not tell. */
  get gaps(): readonly Gap[] {
    const { gap } = this.#from.keeper.events;
    if (gap !== undefined) return [gap];
    if (this.#lost === 0) return [];
    const why = `ENOBUFS ${this.#lost} times: counts are lower bounds`;
    return [{ id: 'events', what: 'some new flows', why, weakens: 'churn: new flows per second' }];
  }

  /** How much the kernel's counters grew in the window, which is so long. */
  deltaTo(after: ConntrackCounters | undefined, seconds: number): CounterDelta | undefined {
    return deltaOf({ before: this.#from.counters, after, seconds });
  }

  get #lost(): number {
    return this.#from.keeper.events.overruns - this.#overruns;
  }
}
