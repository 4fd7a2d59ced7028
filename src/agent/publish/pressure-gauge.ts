// When a change of pressure is worth telling a cluster: bad news soon, good news only once it has lasted, and no two changes
// close together. Metrics show every change; a condition that flaps is one that nobody believes.
import type { ConditionStatus } from '../../act/publish/node-condition.ts';
import type { NodePressure } from './pressure-of-report.ts';

/** How long a state must last before it is told. */
const HOLD_MILLISECONDS: Readonly<Record<ConditionStatus, number>> = {
  True: 30_000,
  Unknown: 60_000,
  False: 300_000,
};
/** From one change to the next. */
const LEAST_BETWEEN_MILLISECONDS = 300_000;

export class PressureGauge {
  #candidate: { readonly status: ConditionStatus; readonly since: number } | undefined;
  #told: NodePressure | undefined;
  #changedAt = 0;

  /** What to tell now, having seen this; undefined before anything is known. `now`: monotonic milliseconds. */
  note(seen: NodePressure, now: number): NodePressure | undefined {
    if (this.#candidate?.status !== seen.status) this.#candidate = { status: seen.status, since: now };
    if (this.#told === undefined) this.#begin(seen, now);
    else if (this.#told.status === seen.status) this.#told = seen;
    else if (this.#mayChange(now)) this.#change(seen, now);
    return this.#told;
  }

  /** The first answer is told at once; that there is none, after a while. */
  #begin(seen: NodePressure, now: number): void {
    if (seen.status !== 'Unknown' || this.#hasLasted(now)) this.#change(seen, now);
  }

  #mayChange(now: number): boolean {
    return this.#hasLasted(now) && now - this.#changedAt >= LEAST_BETWEEN_MILLISECONDS;
  }

  #hasLasted(now: number): boolean {
    if (this.#candidate === undefined) return false;
    return now - this.#candidate.since >= HOLD_MILLISECONDS[this.#candidate.status];
  }

  #change(seen: NodePressure, now: number): void {
    this.#told = seen;
    this.#changedAt = now;
  }
}
