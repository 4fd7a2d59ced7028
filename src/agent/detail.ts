// How much detail the agent gives, and how it gives some up when it costs more than it may. Totals and events never suffer.
import type { Detail } from '../protocol/agent-report.ts';

export const DETAILS: readonly [Detail, ...Detail[]] = [
  { level: 0, resyncStretch: 1, snatOnly: false, topSpaces: 20, topSources: 50, text: 'full detail' },
  { level: 1, resyncStretch: 2, snatOnly: false, topSpaces: 20, topSources: 50, text: 'resyncs half as often' },
  {
    level: 2,
    resyncStretch: 4,
    snatOnly: true,
    topSpaces: 10,
    topSources: 10,
    text: 'resyncs a quarter as often and of translated flows only, ten port spaces',
  },
  {
    level: 3,
    resyncStretch: 8,
    snatOnly: true,
    topSpaces: 5,
    topSources: 0,
    text: 'resyncs an eighth as often and of translated flows only, five port spaces, no sources',
  },
];

/** Periods over the budget after which detail goes, and well below it after which some comes back. */
const TOO_DEAR_PERIODS = 2;
const CHEAP_PERIODS = 6;
/** Detail comes back when it costs less than this share of the budget. */
const CHEAP_SHARE = 0.5;

/** Watches what the agent costs, period by period. */
export class BudgetGuard {
  readonly #mostShare: number;
  #level = 0;
  #dear = 0;
  #cheap = 0;

  /** `mostShare`: CPU time over time, 0.05 for a twentieth of one CPU. */
  constructor(mostShare: number) {
    this.#mostShare = mostShare;
  }

  get detail(): Detail {
    return DETAILS[this.#level] ?? DETAILS[0];
  }

  /** Takes the share of one period. @returns whether the detail changed. */
  note(share: number): boolean {
    this.#dear = share > this.#mostShare ? this.#dear + 1 : 0;
    this.#cheap = share < this.#mostShare * CHEAP_SHARE ? this.#cheap + 1 : 0;
    if (this.#dear >= TOO_DEAR_PERIODS) return this.#move(1);
    return this.#cheap >= CHEAP_PERIODS && this.#move(-1);
  }

  #move(step: 1 | -1): boolean {
    this.#dear = 0;
    this.#cheap = 0;
    const level = Math.min(DETAILS.length - 1, Math.max(0, this.#level + step));
    const hasMoved = level !== this.#level;
    this.#level = level;
    return hasMoved;
  }
}
