// n(P) between the columns of the capacity table and beyond them, and its inverse.
// Flows are linear in a scale of P that is the same for all sizes, so what never falls in the table never falls between.
import { COLUMN_DROPS } from './capacity-row.ts';

const LOWEST = COLUMN_DROPS[0];
const HIGHEST = 0.5;

/** Below one loss in a million nothing was simulated: P falls at least with this power of the flows (in all rows it falls faster). */
const TAIL_POWER = 20;

/** The inverse of a scale of probabilities. */
interface Scale {
  of(drop: number): number;
  back(position: number): number;
}

/** In the logarithm where losses are rare. */
const LOGARITHM: Scale = { of: Math.log, back: Math.exp };

/** In 1/(1-P) where they are not: an overloaded range loses 1 - ports/offered, so flows are linear in it. */
const OVERLOAD: Scale = { of: (drop) => 1 / (1 - drop), back: (position) => 1 - 1 / position };

const OVERLOAD_FROM = 1e-2;

abstract class TabledCurve {
  readonly #flows: readonly number[];

  /** @param flows At each of COLUMN_DROPS. */
  constructor(flows: readonly number[]) {
    this.#flows = flows;
  }

  capacity(target: number): number {
    if (target <= LOWEST) return this.#at(0) * (target / LOWEST) ** (1 / TAIL_POWER);
    if (target >= HIGHEST) return this.beyond(target, this.#at(COLUMN_DROPS.length - 1));
    const column = COLUMN_DROPS.findIndex((drop) => drop > target) - 1;
    const [from, to] = [COLUMN_DROPS[column] ?? LOWEST, COLUMN_DROPS[column + 1] ?? HIGHEST];
    const scale = this.scale(from);
    const weight = (scale.of(target) - scale.of(from)) / (scale.of(to) - scale.of(from));
    return this.#at(column) + weight * (this.#at(column + 1) - this.#at(column));
  }

  drop(flows: number): number {
    if (flows <= 0) return 0;
    const next = this.#flows.findIndex((fit) => fit > flows);
    if (next < 0) return this.dropBeyond(flows, this.#at(COLUMN_DROPS.length - 1));
    if (next === 0) return LOWEST * (flows / this.#at(0)) ** TAIL_POWER;
    const [from, to] = [COLUMN_DROPS[next - 1] ?? LOWEST, COLUMN_DROPS[next] ?? HIGHEST];
    const scale = this.scale(from);
    const weight = (flows - this.#at(next - 1)) / (this.#at(next) - this.#at(next - 1));
    return scale.back(scale.of(from) + weight * (scale.of(to) - scale.of(from)));
  }

  #at(column: number): number {
    return this.#flows[column] ?? 0;
  }

  /** The scale of the stretch that begins at a column. */
  protected abstract scale(from: number): Scale;
  /** Flows above the last column, given those at it. */
  protected abstract beyond(target: number, last: number): number;
  protected abstract dropBeyond(flows: number, last: number): number;
}

/** Flows are offered and end; blocked ones are lost. */
export class OfferedCurve extends TabledCurve {
  protected scale(from: number): Scale {
    return from < OVERLOAD_FROM ? LOGARITHM : OVERLOAD;
  }

  protected beyond(target: number, last: number): number {
    return (last * (1 - HIGHEST)) / (1 - target);
  }

  protected dropBeyond(flows: number, last: number): number {
    return Math.min(1, 1 - (last * (1 - HIGHEST)) / flows);
  }
}

/** Flows only arrive; at `size` of them every further one is lost. */
export class FillingCurve extends TabledCurve {
  readonly #size: number;

  constructor(flows: readonly number[], size: number) {
    super(flows);
    this.#size = size;
  }

  protected scale(): Scale {
    return LOGARITHM;
  }

  protected beyond(target: number, last: number): number {
    const weight = Math.log(target / HIGHEST) / Math.log(1 / HIGHEST);
    return last + weight * (this.#size - last);
  }

  protected dropBeyond(flows: number, last: number): number {
    if (flows >= this.#size) return 1;
    return HIGHEST * (1 / HIGHEST) ** ((flows - last) / (this.#size - last));
  }
}
