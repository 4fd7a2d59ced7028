// A terminal that a program has to itself: keys one by one, its own screen, and the old one back at the end.
import type { FrameSize } from '../../present/top/top-frame.ts';
import type { TopKey } from '../../present/top/top-key.ts';

export interface TerminalEvents {
  readonly onKey: (key: TopKey) => void;
  /** The size changed, or the program was stopped and goes on: all must be drawn again. */
  readonly onRedraw: () => void;
  /** Nobody can type any more. */
  readonly onEnd: () => void;
}

export interface Terminal {
  size(): FrameSize;
  write(text: string): void;
  /** Gives the terminal back as it was; a second call does nothing. */
  restore(): void;
}

/** Takes the terminal of this process. */
export type TakeTerminal = (events: TerminalEvents) => Promise<Terminal>;
