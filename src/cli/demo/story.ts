// Prints the demo's story: numbered steps, what came of each, screens; labelled in a world that is not real.
import type { DemoOptions } from '../measures.ts';

export interface StoryOptions extends Pick<DemoOptions, 'style' | 'write' | 'progress' | 'signal'> {
  readonly steps: number;
  /** Stands before every heading and screen; empty for none. */
  readonly label: string;
}

export class Story {
  readonly #options: StoryOptions;
  #step = 0;

  constructor(options: StoryOptions) {
    this.#options = options;
  }

  /** Says what comes next. Errors: the signal's reason once the person has had enough. */
  step(text: string): void {
    const { signal, style, steps } = this.#options;
    signal.throwIfAborted();
    this.#step += 1;
    this.line(style.palette.strong(`${this.#step}/${steps} ${this.#labelled(text)}`));
    this.progress(`step ${this.#step} of ${steps}`);
  }

  result(text: string): void {
    this.line(`    ${text}`);
  }

  /** `what` names the screen where a label must stand before it. */
  screen(what: string, text: string): void {
    const titled = this.#options.label === '' ? text : `${this.#labelled(what)}\n\n${text}`;
    this.line(`\n${titled.replaceAll(/^(?=.)/gm, '    ')}`);
  }

  progress(step: string): void {
    this.#options.progress(step, (this.#step - 1) / this.#options.steps);
  }

  line(text: string): void {
    this.#options.write(`${text}\n`);
  }

  #labelled(text: string): string {
    return [this.#options.label, text].filter((part) => part !== '').join(' ');
  }
}
