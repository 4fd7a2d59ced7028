// Counts what becomes of the connects to one destination.
import type { SimDestinationTotals } from './sim-report.ts';

export class DestinationTotals {
  attempts = 0;
  atOnce = 0;
  failed = 0;
  drops = 0;
  tableFullDrops = 0;
  recycledTooEarly = 0;
  evictions = 0;
  readonly #lateBySecond: number[] = [0];

  /** A connect was done so many whole seconds after it began; 0 is at once. */
  connected(lateSeconds: number): void {
    if (lateSeconds === 0) {
      this.atOnce += 1;
      return;
    }
    const late = this.#lateBySecond;
    while (late.length <= lateSeconds) late.push(0);
    late[lateSeconds] = (late[lateSeconds] ?? 0) + 1;
  }

  /** The counts so far. */
  snapshot(destination: string): SimDestinationTotals {
    const { attempts, atOnce, failed, drops, tableFullDrops, recycledTooEarly, evictions } = this;
    const lateBySecond = [...this.#lateBySecond];
    return { destination, attempts, atOnce, lateBySecond, failed, drops, tableFullDrops, recycledTooEarly, evictions };
  }
}
