// Virtual time in whole ticks of a millisecond, or more in a scenario of weeks, so that 32 bits hold every instant of it.
import { MOST_TICKS } from './timer-wheel.ts';

const MILLISECOND = 1 / 1000;

/** No timer is ever due later than this after its tick; keeps sums within 31 bits. */
const FURTHEST_TICKS = 2 ** 29;

export class TickClock {
  /** Now. */
  tick = 0;
  readonly lastTick: number;
  readonly #perSecond: number;

  constructor(durationSeconds: number) {
    let tickSeconds = MILLISECOND;
    while (durationSeconds / tickSeconds >= MOST_TICKS - 1) tickSeconds *= 2;
    this.#perSecond = 1 / tickSeconds;
    this.lastTick = Math.floor(durationSeconds * this.#perSecond);
  }

  /** A span in ticks, rounded up as the kernel rounds to jiffies. */
  ticks(seconds: number): number {
    return Math.min(Math.ceil(seconds * this.#perSecond), FURTHEST_TICKS);
  }

  /** The tick so long after now. */
  after(seconds: number): number {
    return this.tick + this.ticks(seconds);
  }

  /** The tick that an instant lies in. */
  at(seconds: number): number {
    return Math.min(Math.floor(seconds * this.#perSecond), this.lastTick);
  }

  seconds(ticks: number): number {
    return ticks / this.#perSecond;
  }
}
