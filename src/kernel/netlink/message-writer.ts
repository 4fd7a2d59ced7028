// Builds netlink messages: nlmsghdr, then attributes (nlattr), 4-byte aligned, lengths patched when closed.
// nfnetlink integers are big endian, rtnetlink's are host (little) endian: the method names say which.

/** NLA_F_NESTED (include/uapi/linux/netlink.h). */
const NLA_F_NESTED = 0x8000;

const HEADER_BYTES = 16;

/** A growing buffer of one or more netlink messages. */
export class MessageWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  #messageStart = 0;
  readonly #open: number[] = [];

  constructor(initialBytes = 4096) {
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Everything written so far; valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets everything, keeps the buffer. */
  reset(): this {
    this.#length = 0;
    this.#open.length = 0;
    return this;
  }

  /** Starts a message: nlmsghdr with nlmsg_type, nlmsg_flags, nlmsg_seq. */
  begin(type: number, flags: number, sequence: number): this {
    this.#messageStart = this.#length;
    this.#reserve(HEADER_BYTES);
    this.#view.setUint32(this.#length, 0, true);
    this.#view.setUint16(this.#length + 4, type, true);
    this.#view.setUint16(this.#length + 6, flags, true);
    this.#view.setUint32(this.#length + 8, sequence, true);
    this.#view.setUint32(this.#length + 12, 0, true);
    this.#length += HEADER_BYTES;
    return this;
  }

  /** Ends the message: patches nlmsg_len. */
  end(): this {
    this.#view.setUint32(this.#messageStart, this.#length - this.#messageStart, true);
    return this;
  }

  /** nfgenmsg: family, version 0, res_id (big endian). */
  nfgen(family: number, resourceId = 0): this {
    return this.raw(Uint8Array.of(family, 0, resourceId >>> 8, resourceId & 0xff));
  }

  /** Bytes as they are, padded to 4. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length + 4);
    this.#bytes.set(bytes, this.#length);
    this.#advance(bytes.length);
    return this;
  }

  /** An attribute whose value is these bytes. */
  attribute(type: number, value: Uint8Array): this {
    this.#reserve(value.length + 8);
    this.#view.setUint16(this.#length, value.length + 4, true);
    this.#view.setUint16(this.#length + 2, type, true);
    this.#bytes.set(value, this.#length + 4);
    this.#advance(value.length + 4);
    return this;
  }

  u8(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value));
  }

  /** Big endian 16 bit. */
  be16(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value >>> 8, value & 0xff));
  }

  /** Big endian 32 bit. */
  be32(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff));
  }

  /** Host (little) endian 32 bit. */
  le32(type: number, value: number): this {
    return this.attribute(type, Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24));
  }

  /** Text with its terminating NUL. */
  text(type: number, value: string): this {
    return this.attribute(type, new TextEncoder().encode(`${value}\0`));
  }

  /** A nested attribute (NLA_F_NESTED) filled by `write`. */
  nest(type: number, write: (writer: this) => void): this {
    this.#reserve(4);
    const start = this.#length;
    this.#view.setUint16(start + 2, type | NLA_F_NESTED, true);
    this.#length += 4;
    this.#open.push(start);
    write(this);
    this.#open.pop();
    this.#view.setUint16(start, this.#length - start, true);
    return this;
  }

  #advance(bytes: number): void {
    const end = this.#length + bytes;
    const padded = (end + 3) & ~3;
    this.#bytes.fill(0, end, padded);
    this.#length = padded;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
