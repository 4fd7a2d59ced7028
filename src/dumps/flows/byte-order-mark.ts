// Drops the mark that some shells put in front of text, and narrows UTF-16 (PowerShell's `>`) to one byte a character: what
// the parsers look for is ASCII. The mark may be torn apart between chunks.

const NOTHING = new Uint8Array(0);
const UTF8: readonly number[] = [0xef, 0xbb, 0xbf];

type Encoding = 'unknown' | 'bytes' | 'utf-16le' | 'utf-16be';

/** Shows each chunk of one input to `strip`, in order, and goes on with what comes back. */
export class ByteOrderMark {
  #encoding: Encoding = 'unknown';
  #seen: number[] = [];
  /** Whether the next byte is the first of its pair. */
  #isFirstOfPair = true;

  /** The chunk without mark, narrowed where needed; usually the chunk itself. */
  strip(bytes: Uint8Array): Uint8Array {
    if (this.#encoding === 'bytes') return bytes;
    return this.#encoding === 'unknown' ? this.#begin(bytes) : this.#narrow(bytes);
  }

  /** What was held back because it could have become a mark. */
  end(): Uint8Array {
    return Uint8Array.from(this.#seen.splice(0));
  }

  #begin(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return NOTHING;
    if (this.#seen.length === 0 && !isMarkStart(bytes[0] ?? 0)) return this.#settle('bytes', bytes);
    const head = Uint8Array.from([...this.#seen, ...bytes.subarray(0, 3)]);
    const wanted = head[0] === 0xef ? 3 : 2;
    if (head.length < wanted) {
      this.#seen = [...head];
      return NOTHING;
    }
    const joined = this.#seen.length === 0 ? bytes : Uint8Array.from([...this.#seen, ...bytes]);
    if (UTF8.every((byte, index) => head[index] === byte)) return this.#settle('bytes', joined.subarray(3));
    if (head[0] === 0xff && head[1] === 0xfe) return this.#settle('utf-16le', joined.subarray(2));
    if (head[0] === 0xfe && head[1] === 0xff) return this.#settle('utf-16be', joined.subarray(2));
    return this.#settle('bytes', joined);
  }

  #settle(encoding: Encoding, rest: Uint8Array): Uint8Array {
    this.#encoding = encoding;
    this.#seen = [];
    return this.strip(rest);
  }

  #narrow(bytes: Uint8Array): Uint8Array {
    const skip = this.#isFirstOfPair === (this.#encoding === 'utf-16be') ? 1 : 0;
    const narrow = new Uint8Array(Math.max(0, Math.ceil((bytes.length - skip) / 2)));
    for (let index = 0; index < narrow.length; index += 1) narrow[index] = bytes[skip + index * 2] ?? 0;
    if (bytes.length % 2 === 1) this.#isFirstOfPair = !this.#isFirstOfPair;
    return narrow;
  }
}

function isMarkStart(byte: number): boolean {
  return byte === 0xef || byte === 0xff || byte === 0xfe;
}
