// Everything that a scenario has happen at set times, in order: starts and stops, rates, bursts, ranges, nodes, samples.

/** Something that happens at an instant of virtual time. */
export interface AgendaItem {
  readonly atSeconds: number;
  readonly act: () => void;
}

/** Items by time; those of the same time in the order they were put in. */
export class Agenda {
  readonly #items: AgendaItem[] = [];
  #next = 0;
  #sorted = true;

  add(item: AgendaItem): void {
    this.#items.push(item);
    this.#sorted = false;
  }

  /** When the next item is due; infinite when there is none. */
  get nextAt(): number {
    this.#sort();
    return this.#items[this.#next]?.atSeconds ?? Number.POSITIVE_INFINITY;
  }

  /** Does the next item. */
  runNext(): void {
    this.#sort();
    const item = this.#items[this.#next];
    this.#next += 1;
    item?.act();
  }

  #sort(): void {
    if (this.#sorted) return;
    const rest = this.#items.splice(this.#next).toSorted((left, right) => left.atSeconds - right.atSeconds);
    this.#items.push(...rest);
    this.#sorted = true;
  }
}
