// Cuts bytes that come in chunks of any size into lines, in place where a line lies in one chunk. Memory is bounded: of a line
// longer than the limit nothing is kept.
import { ByteOrderMark } from './byte-order-mark.ts';

const LINE_FEED = 0x0a;
/** No tool writes entries that long: a secctx has 4 KiB at most. */
const LONGEST_LINE = 65_536;

/** Who gets the lines. */
export interface LineSink {
  /** One line without its line feed; a byte up to SPACE lies at `stop`. Not kept by reference. */
  line(bytes: Uint8Array, start: number, stop: number): void;
  /** The last line, when no line feed ends it. */
  cutLine(bytes: Uint8Array, stop: number): void;
  /** A line was too long and is left out. */
  tooLong(): void;
}

/** One input's lines, shown to a sink. */
export class TextLines {
  readonly #sink: LineSink;
  readonly #mark = new ByteOrderMark();
  #held = new Uint8Array(1024);
  #length = 0;
  #isSkipping = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Takes the next chunk; it is not kept by reference. */
  write(chunk: Uint8Array): void {
    this.#cut(this.#mark.strip(chunk));
  }

  /** No more chunks come. */
  end(): void {
    this.#cut(this.#mark.end());
    if (this.#isSkipping) this.#sink.tooLong();
    else if (this.#length > 0) {
      this.#held[this.#length] = LINE_FEED;
      this.#sink.cutLine(this.#held, this.#length);
    }
    this.#length = 0;
    this.#isSkipping = false;
  }

  #cut(bytes: Uint8Array): void {
    let start = 0;
    for (let stop = bytes.indexOf(LINE_FEED); stop >= 0; stop = bytes.indexOf(LINE_FEED, start)) {
      if (this.#length === 0 && !this.#isSkipping) this.#whole(bytes, start, stop);
      else this.#finishHeld(bytes.subarray(start, stop));
      start = stop + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
  }

  #whole(bytes: Uint8Array, start: number, stop: number): void {
    if (stop - start > LONGEST_LINE) this.#sink.tooLong();
    else this.#sink.line(bytes, start, stop);
  }

  #finishHeld(rest: Uint8Array): void {
    this.#hold(rest);
    if (this.#isSkipping) this.#sink.tooLong();
    else {
      this.#held[this.#length] = LINE_FEED;
      this.#sink.line(this.#held, 0, this.#length);
    }
    this.#length = 0;
    this.#isSkipping = false;
  }

  #hold(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (this.#isSkipping || length > LONGEST_LINE) {
      this.#isSkipping = true;
      this.#length = 0;
      return;
    }
    // One byte more, for what lies at `stop`.
    if (length >= this.#held.length) {
      const grown = new Uint8Array(Math.max(length + 1, this.#held.length * 2));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(part, this.#length);
    this.#length = length;
  }
}
