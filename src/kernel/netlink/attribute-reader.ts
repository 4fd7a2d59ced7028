// Walks netlink attributes (nlattr) without allocating per attribute and without ever throwing: what is short ends the
// walk and is counted, what is unknown is the caller's to skip.

/** NLA_TYPE_MASK: the two high bits are flags. */
const TYPE_MASK = 0x3fff;

/** A cursor over the attributes in `[offset, end)` of one buffer. */
export class AttributeReader {
  bytes: Uint8Array;
  view: DataView;
  /** nla_type without flags of the current attribute. */
  type = 0;
  /** First byte of the current value. */
  start = 0;
  /** One past the last byte of the current value. */
  stop = 0;
  /** How many attributes were cut short; the walk ends at the first. */
  truncated = 0;
  #next = 0;
  #end = 0;

  constructor(bytes: Uint8Array = new Uint8Array(0), offset = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.over(offset, end);
  }

  /** Starts over on another stretch of the same buffer. */
  over(offset: number, end: number): this {
    this.#next = offset;
    this.#end = Math.min(end, this.bytes.length);
    return this;
  }

  /** Moves to the next attribute; false at the end or at one that is cut short. */
  next(): boolean {
    const at = this.#next;
    if (at + 4 > this.#end) return false;
    const length = this.view.getUint16(at, true);
    if (length < 4 || at + length > this.#end) {
      this.truncated += 1;
      this.#next = this.#end;
      return false;
    }
    this.type = this.view.getUint16(at + 2, true) & TYPE_MASK;
    this.start = at + 4;
    this.stop = at + length;
    this.#next = at + ((length + 3) & ~3);
    return true;
  }

  /** A reader over the current value: its nested attributes. */
  nested(): AttributeReader {
    return new AttributeReader(this.bytes, this.start, this.stop);
  }

  get length(): number {
    return this.stop - this.start;
  }

  /** The value's bytes, copied. */
  value(): Uint8Array {
    return this.bytes.slice(this.start, this.stop);
  }

  /** 0 when the value is too short, as for all getters below. */
  u8(): number {
    return this.length >= 1 ? this.view.getUint8(this.start) : 0;
  }

  be16(): number {
    return this.length >= 2 ? this.view.getUint16(this.start, false) : 0;
  }

  be32(): number {
    return this.length >= 4 ? this.view.getUint32(this.start, false) : 0;
  }

  le16(): number {
    return this.length >= 2 ? this.view.getUint16(this.start, true) : 0;
  }

  le32(): number {
    return this.length >= 4 ? this.view.getUint32(this.start, true) : 0;
  }

  /** 64 bit as a number: exact up to 2^53. */
  be64(): number {
    return this.length >= 8 ? Number(this.view.getBigUint64(this.start, false)) : 0;
  }

  /** Text up to the first NUL. */
  text(): string {
    let stop = this.start;
    while (stop < this.stop && this.bytes[stop] !== 0) stop += 1;
    return new TextDecoder().decode(this.bytes.subarray(this.start, stop));
  }
}
