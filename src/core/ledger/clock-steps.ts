// The wall clock beside the steady one: which second of the ledger a time of day was, although the wall clock may have been set.

/** Steps remembered; older ones are forgotten, and times before them told by the oldest. */
const MOST_STEPS = 64;
/** A difference below this is the clock being slewed, not set. */
const STEP_MILLISECONDS = 1000;

interface Step {
  /** Steady milliseconds from which on the offset holds. */
  readonly from: number;
  /** Wall-clock minus steady milliseconds. */
  readonly offset: number;
}

/** Fed with both clocks now and then. */
export class ClockSteps {
  readonly #steps: Step[] = [];

  /** How often the wall clock was set. */
  get count(): number {
    return Math.max(0, this.#steps.length - 1);
  }

  note(steady: number, wall: number): void {
    const offset = wall - steady;
    const last = this.#steps.at(-1);
    if (last !== undefined && Math.abs(last.offset - offset) < STEP_MILLISECONDS) return;
    this.#steps.push({ from: steady, offset });
    if (this.#steps.length > MOST_STEPS) this.#steps.shift();
  }

  /** Wall-clock milliseconds of a steady time. */
  wallOf(steady: number): number {
    const step = this.#steps.findLast(({ from }) => from <= steady) ?? this.#steps[0];
    return steady + (step?.offset ?? 0);
  }

  /**
   * Steady milliseconds of a time of day: by the latest offset under which the clock showed it. Between two offsets, when the
   * clock was put forward past it, that is the moment of the step.
   */
  steadyOf(wall: number): number {
    for (let index = this.#steps.length - 1; index >= 0; index -= 1) {
      const step = this.#steps[index];
      if (step === undefined) break;
      const steady = wall - step.offset;
      if (steady >= step.from) return Math.min(steady, this.#steps[index + 1]?.from ?? steady);
    }
    return wall - (this.#steps[0]?.offset ?? 0);
  }
}
