// What one simulated node counts: the kernel's counters, its entries, and how full its ports ever were.
import { newWindowCount, roll } from './window-count.ts';

export class NodeCounts {
  /** nf_conntrack_count. */
  flows = 0;
  peakFlows = 0;
  readonly found = newWindowCount();
  readonly insertFailed = newWindowCount();
  /** Dropped because the table was full. */
  readonly tableFull = newWindowCount();
  readonly ended = newWindowCount();

  roll(): void {
    for (const count of [this.found, this.insertFailed, this.tableFull, this.ended]) roll(count);
  }
}
