// When each workload opens its next connection: one stream per workload, whose rate may change at any time.
import type { Random } from '../core/alloc/reference-search.ts';
import type { SimWorkload } from './sim-scenario.ts';

/** The streams of all workloads; rates are 0 until set. */
export class ArrivalStreams {
  readonly #random: Random;
  readonly #isPoisson: readonly boolean[];
  readonly #perSecond: Float64Array;
  readonly #nextAt: Float64Array;
  /** The workload that opens the next connection. */
  first = 0;
  /** When it does, seconds; infinite when none will. */
  firstAt = Number.POSITIVE_INFINITY;

  constructor(workloads: readonly Pick<SimWorkload, 'arrivals'>[], random: Random) {
    this.#random = random;
    this.#isPoisson = workloads.map(({ arrivals }) => arrivals === 'poisson');
    this.#perSecond = new Float64Array(workloads.length);
    this.#nextAt = new Float64Array(workloads.length).fill(Number.POSITIVE_INFINITY);
  }

  /** Changes a rate from now on. */
  setRate(workload: number, perSecond: number, nowSeconds: number): void {
    const old = this.#perSecond[workload] ?? 0;
    const waiting = (this.#nextAt[workload] ?? 0) - nowSeconds;
    this.#perSecond[workload] = perSecond;
    this.#nextAt[workload] = nowSeconds + this.#firstGap(workload, { perSecond, share: old > 0 ? waiting * old : 1 });
    this.#findFirst();
  }

  /** Moves the first stream on to its next connection. */
  advance(): void {
    const workload = this.first;
    const perSecond = this.#perSecond[workload] ?? 0;
    this.#nextAt[workload] = (this.#nextAt[workload] ?? 0) + this.#gap(workload, perSecond);
    this.#findFirst();
  }

  /** A regular stream has waited for a share of its gap already; a Poisson stream has no memory. */
  #firstGap(workload: number, { perSecond, share }: { perSecond: number; share: number }): number {
    if (perSecond <= 0) return Number.POSITIVE_INFINITY;
    return this.#isPoisson[workload] === true ? this.#gap(workload, perSecond) : share / perSecond;
  }

  #gap(workload: number, perSecond: number): number {
    return (this.#isPoisson[workload] === true ? -Math.log(1 - this.#random()) : 1) / perSecond;
  }

  #findFirst(): void {
    const nextAt = this.#nextAt;
    let first = 0;
    for (let workload = 1; workload < nextAt.length; workload += 1) {
      if ((nextAt[workload] ?? 0) < (nextAt[first] ?? 0)) first = workload;
    }
    this.first = first;
    this.firstAt = nextAt[first] ?? Number.POSITIVE_INFINITY;
  }
}
