// What the demo needs from the program that runs it.
import type { Style } from '../../present/style.ts';

export interface DemoStage {
  readonly style: Style;
  /** Data: standard output. */
  readonly print: (text: string) => void;
  /** What is going on right now: standard error, on a terminal only; an empty text clears it. */
  readonly progress: (text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}
