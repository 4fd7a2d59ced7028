// The live view as a program: keys and looks go in, changed lines come out, until someone leaves.
import type { Style } from '../../present/style.ts';
import type { TopSnapshot } from '../../present/top/node-look.ts';
import { type TopEvent, reduceTop } from '../../present/top/reduce-top.ts';
import { topFrame } from '../../present/top/top-frame.ts';
import { type TopState, initialTop } from '../../present/top/top-state.ts';
import { ScreenLines } from './screen-lines.ts';
import type { TakeTerminal, Terminal } from './terminal.ts';
import type { TopSource } from './top-source.ts';

export interface TopViewOptions {
  readonly source: TopSource;
  /** The look that is shown at once. */
  readonly first: TopSnapshot;
  readonly style: Style;
  readonly signal: AbortSignal;
  readonly takeTerminal: TakeTerminal;
}

/** Shows the view until it is left. @returns its last state. Errors: the source's own; the terminal is restored first. */
export async function showTop(options: TopViewOptions): Promise<TopState> {
  return new TopView(options).run();
}

class TopView {
  readonly #options: TopViewOptions;
  readonly #screen = new ScreenLines();
  readonly #stop = new AbortController();
  #state: TopState;
  #terminal: Terminal | undefined;
  #isDrawDue = false;

  constructor(options: TopViewOptions) {
    this.#options = options;
    this.#state = reduceTop(initialTop(), { kind: 'snapshot', snapshot: options.first });
  }

  async run(): Promise<TopState> {
    const { signal, takeTerminal } = this.#options;
    const stop = (): void => this.#stop.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#terminal = await takeTerminal({
      onKey: (key) => this.#take({ kind: 'key', key }),
      onRedraw: () => this.#redraw(),
      onEnd: stop,
    });
    try {
      this.#redraw();
      await Promise.race([this.#follow(), this.#whenStopped()]);
    } finally {
      stop();
      this.#terminal.restore();
      signal.removeEventListener('abort', stop);
    }
    return this.#state;
  }

  /** Takes look after look; an error ends the view, unless it comes from being stopped. */
  async #follow(): Promise<void> {
    const { source } = this.#options;
    const { signal } = this.#stop;
    try {
      while (!signal.aborted) this.#take({ kind: 'snapshot', snapshot: await source.next(signal) });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #whenStopped(): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  #take(event: TopEvent): void {
    if (this.#stop.signal.aborted) return;
    this.#state = reduceTop(this.#state, event);
    const { place } = this.#state.screen;
    this.#options.source.open?.(place.kind === 'nodes' ? undefined : place.node);
    if (this.#state.ending === undefined) this.#drawSoon();
    else this.#stop.abort();
  }

  #redraw(): void {
    this.#screen.forget();
    this.#drawSoon();
  }

  /** Pasted letters and a look that comes with them are one frame. */
  #drawSoon(): void {
    if (this.#isDrawDue) return;
    this.#isDrawDue = true;
    queueMicrotask(() => {
      this.#isDrawDue = false;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#terminal === undefined || this.#stop.signal.aborted) return;
    const { style } = this.#options;
    const text = this.#screen.update(topFrame(this.#state, this.#terminal.size(), { style }));
    if (text !== '') this.#terminal.write(text);
  }
}
