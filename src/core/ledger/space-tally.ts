// What happened in each port space since the tally was last emptied: new and ended flows, and the ports the new ones got.

const SMALLEST = 256;

/** Columns by port-space row. */
export class SpaceTally {
  #began = new Uint32Array(SMALLEST);
  #ended = new Uint32Array(SMALLEST);
  #lowest = new Uint16Array(SMALLEST);
  #highest = new Uint16Array(SMALLEST);
  #spaces = 0;
  #isPartial = false;

  /** One past the highest row that was touched. */
  get spaces(): number {
    return this.#spaces;
  }

  /** Port spaces were dropped: what is left is not all that happened. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  get bytes(): number {
    return this.#began.length * 12;
  }

  begin(space: number, port: number): void {
    this.#reach(space);
    const before = this.#began[space] ?? 0;
    this.#began[space] = before + 1;
    if (before === 0 || port < (this.#lowest[space] ?? 0)) this.#lowest[space] = port;
    if (before === 0 || port > (this.#highest[space] ?? 0)) this.#highest[space] = port;
  }

  end(space: number): void {
    this.#reach(space);
    this.#ended[space] = (this.#ended[space] ?? 0) + 1;
  }

  began(space: number): number {
    return this.#began[space] ?? 0;
  }

  ended(space: number): number {
    return this.#ended[space] ?? 0;
  }

  lowestPort(space: number): number {
    return this.#lowest[space] ?? 0;
  }

  highestPort(space: number): number {
    return this.#highest[space] ?? 0;
  }

  clear(): void {
    this.#began.fill(0, 0, this.#spaces);
    this.#ended.fill(0, 0, this.#spaces);
    this.#spaces = 0;
    this.#isPartial = false;
  }

  /** The smallest power of two so that in at most `most` port spaces so much happened. */
  busyness(most: number): number {
    for (let least = 1; ; least *= 2) {
      let busy = 0;
      for (let space = 0; space < this.#spaces; space += 1)
        if (this.began(space) + this.ended(space) >= least) busy += 1;
      if (busy <= most) return least;
    }
  }

  /** Moves what was tallied to other rows; `rows` has the new one of each, or -1. */
  move(rows: Int32Array): void {
    const old = { began: this.#began, ended: this.#ended, lowest: this.#lowest, highest: this.#highest };
    const count = this.#spaces;
    this.#began = new Uint32Array(SMALLEST);
    this.#ended = new Uint32Array(SMALLEST);
    this.#lowest = new Uint16Array(SMALLEST);
    this.#highest = new Uint16Array(SMALLEST);
    this.#spaces = 0;
    for (let row = 0; row < count; row += 1) {
      const to = rows[row] ?? -1;
      if (to < 0) {
        if (old.began[row] !== 0) this.#isPartial = true;
        continue;
      }
      this.#reach(to);
      this.#began[to] = old.began[row] ?? 0;
      this.#ended[to] = old.ended[row] ?? 0;
      this.#lowest[to] = old.lowest[row] ?? 0;
      this.#highest[to] = old.highest[row] ?? 0;
    }
  }

  #reach(space: number): void {
    if (space < this.#spaces) return;
    this.#spaces = space + 1;
    if (space < this.#began.length) return;
    const size = Math.max(this.#began.length * 2, space + 1);
    this.#began = grown(this.#began, new Uint32Array(size));
    this.#ended = grown(this.#ended, new Uint32Array(size));
    this.#lowest = grown(this.#lowest, new Uint16Array(size));
    this.#highest = grown(this.#highest, new Uint16Array(size));
  }
}

function grown<Column extends Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>>(old: Column, into: Column): Column {
  into.set(old);
  return into;
}
