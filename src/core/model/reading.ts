// What one source said, at one time. `complete: false` always comes with a gap that says what is missing.
import type { Gap } from './gap.ts';

export interface Reading<Value> {
  readonly value: Value;
  /** `ctnetlink dump`, `/proc/net/stat/nf_conntrack`, ... */
  readonly source: string;
  readonly complete: boolean;
  readonly gaps: readonly Gap[];
}
