// Proves that the output of a command is whole. An exit code does not: where a node dies in the middle of the output, the API
// server reports success (client-go takes an error stream that ends empty for one). So the command runs under a shell that
// adds a mark after its last byte, and the mark is taken off again here.

/** The words of the command are its arguments: the shell interprets none of them. */
const SCRIPT = `"$@"; code=$?; printf 'portolan-end-%03d' "$code"; exit "$code"`;
const MARK = /^portolan-end-(\d{3})$/;
const MARK_BYTES = 16;

export function withEndMark(command: readonly string[]): readonly string[] {
  return ['sh', '-c', SCRIPT, 'sh', ...command];
}

/** Passes bytes on but for the last few, which may be the mark. */
export class EndMark {
  readonly #sink: (bytes: Uint8Array) => void;
  #held = new Uint8Array(0);

  constructor(sink: (bytes: Uint8Array) => void) {
    this.#sink = sink;
  }

  write(chunk: Uint8Array): void {
    const passed = Math.max(0, this.#held.length + chunk.length - MARK_BYTES);
    const ofHeld = Math.min(passed, this.#held.length);
    const ofChunk = passed - ofHeld;
    if (ofHeld > 0) this.#sink(this.#held.subarray(0, ofHeld));
    if (ofChunk > 0) this.#sink(chunk.subarray(0, ofChunk));
    this.#held = Uint8Array.from([...this.#held.subarray(ofHeld), ...chunk.subarray(ofChunk)]);
  }

  /** The exit code that stands in the mark; undefined: there is none, so the output is not whole. */
  get exitCode(): number | undefined {
    const code = MARK.exec(new TextDecoder().decode(this.#held))?.[1];
    return code === undefined ? undefined : Number(code);
  }
}
