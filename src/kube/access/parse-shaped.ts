// Decodes of a JSON text only what a shape names and steps over the rest, byte by byte: of a page of pods a tenth is looked at,
// and decoding all of it would take several times as long as fetching it.

/** `true`: the whole value. An object: these of its keys. A list: this of each element. Null stays; any other kind is left out. */
export type JsonShape = true | readonly [JsonShape] | ShapeObject;

export interface ShapeObject {
  readonly [key: string]: JsonShape;
}

/** A key as it stands between its quotes. */
interface ShapeEntry {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly shape: JsonShape;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;
/** The n of null. */
const NULL = 0x6e;
/** What stands after the last byte: no byte of JSON. */
const END = -1;

/** As JSON.parse for what the shape names; what is stepped over need not be JSON. Errors: SyntaxError. */
export function parseShaped(text: Buffer, shape: JsonShape): unknown {
  const reader = new ShapedReader(text);
  const value = reader.value(shape);
  reader.end();
  return value;
}

class ShapedReader {
  readonly #text: Buffer;
  readonly #entries = new Map<JsonShape, readonly ShapeEntry[]>();
  #at = 0;

  constructor(text: Buffer) {
    this.#text = text;
  }

  value(shape: JsonShape): unknown {
    const first = this.#peek();
    if (shape === true || first === NULL) return this.#whole(first);
    if (isList(shape)) return first === OPEN_LIST ? this.#list(shape[0]) : this.#skip(first);
    return first === OPEN_OBJECT ? this.#object(shape) : this.#skip(first);
  }

  end(): void {
    if (this.#peek() !== END) throw this.#wrong();
  }

  #whole(first: number): unknown {
    const start = this.#at;
    this.#skip(first);
    const isPlainText = first === QUOTE && !hasByte(this.#text, { byte: BACKSLASH, start, end: this.#at });
    if (isPlainText) return this.#text.toString('utf8', start + 1, this.#at - 1);
    return JSON.parse(this.#text.toString('utf8', start, this.#at));
  }

  #object(shape: ShapeObject): object {
    const found: Record<string, unknown> = {};
    const entries = this.#entriesOf(shape);
    this.#at += 1;
    while (this.#peek() !== CLOSE_OBJECT) {
      const wanted = this.#key(entries);
      if (this.#peek() !== COLON) throw this.#wrong();
      this.#at += 1;
      if (wanted === undefined) this.#skip(this.#peek());
      else found[wanted.key] = this.value(wanted.shape);
      this.#separator(CLOSE_OBJECT);
    }
    this.#at += 1;
    return found;
  }

  #list(shape: JsonShape): unknown[] {
    const found: unknown[] = [];
    this.#at += 1;
    while (this.#peek() !== CLOSE_LIST) {
      found.push(this.value(shape));
      this.#separator(CLOSE_LIST);
    }
    this.#at += 1;
    return found;
  }

  #entriesOf(shape: ShapeObject): readonly ShapeEntry[] {
    const known = this.#entries.get(shape);
    if (known !== undefined) return known;
    const entries = Object.entries(shape).map(([key, inner]) => ({ key, bytes: Buffer.from(key), shape: inner }));
    this.#entries.set(shape, entries);
    return entries;
  }

  /** A key that is written with escapes is none of those that shapes name. Compared in place: most are not wanted. */
  #key(entries: readonly ShapeEntry[]): ShapeEntry | undefined {
    const start = this.#at + 1;
    if (this.#peek() !== QUOTE) throw this.#wrong();
    this.#skip(QUOTE);
    const length = this.#at - 1 - start;
    return entries.find(({ bytes }) => bytes.length === length && isAt(this.#text, bytes, start));
  }

  #separator(close: number): void {
    const next = this.#peek();
    if (next === COMMA) this.#at += 1;
    else if (next !== close) throw this.#wrong();
  }

  /** The next byte that is no white space. */
  #peek(): number {
    while ((this.#text[this.#at] ?? QUOTE) <= SPACE) this.#at += 1;
    return this.#text[this.#at] ?? END;
  }

  #skip(first: number): undefined {
    const end = endOf(first)(this.#text, this.#at);
    if (end > this.#text.length || end === this.#at) throw this.#wrong();
    this.#at = end;
  }

  #wrong(): SyntaxError {
    return new SyntaxError(`no JSON at ${this.#at} of ${this.#text.length}`);
  }
}

function endOf(first: number): (text: Uint8Array, at: number) => number {
  if (first === QUOTE) return textEnd;
  return first === OPEN_OBJECT || first === OPEN_LIST ? nestedEnd : plainEnd;
}

/** The place after the text that begins at a quote; beyond the end where it does not end. */
function textEnd(text: Uint8Array, quote: number): number {
  const { length } = text;
  for (let at = quote + 1; at < length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return length + 1;
}

/** The place after the object or list that begins here; beyond the end where it does not end. The loop that sees most of a page. */
function nestedEnd(text: Uint8Array, open: number): number {
  const { length } = text;
  let depth = 0;
  for (let at = open; at < length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) at = textEnd(text, at) - 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return length + 1;
}

/** The place after a number, a truth or null. */
function plainEnd(text: Uint8Array, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const byte = text[at] ?? SPACE;
    if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte <= SPACE) break;
  }
  return at;
}

interface ByteSearch {
  readonly byte: number;
  readonly start: number;
  readonly end: number;
}

function hasByte(text: Uint8Array, { byte, start, end }: ByteSearch): boolean {
  for (let at = start; at < end; at += 1) if (text[at] === byte) return true;
  return false;
}

function isAt(text: Uint8Array, wanted: Uint8Array, start: number): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (text[start + index] !== wanted[index]) return false;
  return true;
}

function isList(shape: JsonShape): shape is readonly [JsonShape] {
  return Array.isArray(shape);
}
