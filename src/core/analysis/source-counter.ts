// How many of some flows each source address opened: one array for the whole table, cleared by what was touched.
import type { FlowTable } from '../model/flow-table.ts';

/** One source's flows; `address` is a row of the address table. */
export interface SourceCount {
  readonly address: number;
  readonly flows: number;
}

/** Counts flows by source, as often as wanted, without a new table each time. */
export class SourceCounter {
  private readonly counts: Uint32Array;
  private readonly sources: Uint32Array;

  constructor(flows: FlowTable) {
    this.counts = new Uint32Array(flows.addressCount);
    this.sources = flows.flows.source;
  }

  /** Sources of the given rows in no order; rows for which `skips` holds do not count. */
  count(rows: Uint32Array, skips: (row: number) => boolean): readonly SourceCount[] {
    const touched: number[] = [];
    const { counts, sources } = this;
    for (const row of rows) {
      if (skips(row)) continue;
      const address = sources[row] ?? 0;
      const before = counts[address] ?? 0;
      if (before === 0) touched.push(address);
      counts[address] = before + 1;
    }
    return touched.map((address) => {
      const flows = counts[address] ?? 0;
      counts[address] = 0;
      return { address, flows };
    });
  }
}
