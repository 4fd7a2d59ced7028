// Counts the events of `conntrack -E -e NEW,DESTROY` as they come: lines in, arrivals per port space out, nothing kept per event.
import { ConntrackLine } from '../../core/conntrack-text/conntrack-line.ts';
import { ArrivalCounter } from '../../core/model/arrival-counter.ts';
import type { FlowArrivals } from '../../core/model/churn.ts';
import { ConntrackEntry } from '../../core/model/conntrack-entry.ts';
import { TextLines } from './text-lines.ts';

const SPACE = 0x20;
const LEFT_BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const UPPER_N = 0x4e;
const UPPER_D = 0x44;

/** Reads one input: any number of `write`, then `end` once. Neither throws on any bytes. */
export class FlowEventReader {
  readonly #counter = new ArrivalCounter();
  readonly #entry = new ConntrackEntry();
  readonly #line = new ConntrackLine(this.#entry);
  readonly #lines: TextLines;
  #unreadable = 0;

  constructor() {
    this.#lines = new TextLines({
      usualLine: () => -1,
      line: (bytes, start, stop) => this.#read(bytes, start, stop),
      // The listener is stopped in the middle of its work: half a line is no event that was lost.
      cutLine: () => undefined,
      tooLong: () => this.#miss(),
    });
  }

  /** Events that were not understood. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Takes the next chunk; it is not kept by reference. */
  write(bytes: Uint8Array): void {
    this.#lines.write(bytes);
  }

  /** What came in a window of `seconds`; `lostSome` when the program that listened says that it missed some. */
  end(seconds: number, lostSome: boolean): FlowArrivals {
    this.#lines.end();
    return this.#counter.arrivals(seconds, lostSome || this.#unreadable > 0);
  }

  /** `    [NEW] tcp 6 120 SYN_SENT src=...`; `[DESTROY]` likewise. */
  #read(bytes: Uint8Array, start: number, stop: number): void {
    let at = start;
    while (at < stop && bytes[at] === SPACE) at += 1;
    if (at === stop) return;
    const kind = bytes[at] === LEFT_BRACKET ? bytes[at + 1] : undefined;
    while (at < stop && bytes[at] !== RIGHT_BRACKET) at += 1;
    const isEvent = (kind === UPPER_N || kind === UPPER_D) && this.#line.read(bytes, at + 1, stop);
    if (!isEvent) this.#miss();
    else if (kind === UPPER_N) this.#counter.begin(this.#entry);
    else this.#counter.end(this.#entry);
  }

  #miss(): void {
    this.#unreadable += 1;
  }
}
