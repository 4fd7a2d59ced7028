// Reads a C structure that the kernel copied out, without ever reaching beyond its end: what is missing reads as 0.
import { shortText } from './short-text.ts';

/** A window over `[start, stop)`; offsets are relative to `start`, integers little endian unless named `be`. */
export class StructReader {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly stop: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start = 0, stop: number = bytes.length) {
    this.bytes = bytes;
    this.start = Math.min(start, bytes.length);
    this.stop = Math.max(this.start, Math.min(stop, bytes.length));
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.stop - this.start;
  }

  u8(at: number): number {
    return this.#holds(at, 1) ? this.#view.getUint8(this.start + at) : 0;
  }

  u16(at: number): number {
    return this.#holds(at, 2) ? this.#view.getUint16(this.start + at, true) : 0;
  }

  be16(at: number): number {
    return this.#holds(at, 2) ? this.#view.getUint16(this.start + at, false) : 0;
  }

  u32(at: number): number {
    return this.#holds(at, 4) ? this.#view.getUint32(this.start + at, true) : 0;
  }

  i32(at: number): number {
    return this.#holds(at, 4) ? this.#view.getInt32(this.start + at, true) : 0;
  }

  /** Exact up to 2^53. */
  u64(at: number): number {
    return this.#holds(at, 8) ? Number(this.#view.getBigUint64(this.start + at, true)) : 0;
  }

  /** Text of at most `length` bytes, up to the first NUL. */
  text(at: number, length: number): string {
    const from = Math.min(this.start + at, this.stop);
    return shortText(this.bytes, from, Math.min(from + length, this.stop));
  }

  /** Bytes as a view, shorter than asked at the end. */
  slice(at: number, length: number): Uint8Array {
    const from = Math.min(this.start + at, this.stop);
    return this.bytes.subarray(from, Math.min(from + length, this.stop));
  }

  /** A reader over a part, cut at this one's end. */
  part(at: number, length: number): StructReader {
    const from = Math.min(this.start + at, this.stop);
    return new StructReader(this.bytes, from, Math.min(from + length, this.stop));
  }

  #holds(at: number, length: number): boolean {
    return at >= 0 && this.start + at + length <= this.stop;
  }
}
